namespace Palate.Llm;

/// <summary>Turns grades into an order.</summary>
internal static class GradeOrder
{
    /// <summary>
    /// Best grade first, equal grades in base order. A candidate without a grade keeps its place of the base ranking:
    /// nothing was said against it.
    /// </summary>
    public static int[] Of(Evidence evidence, IEnumerable<Question> questions)
    {
        double[] grades = new double[evidence.Candidates];
        Array.Fill(grades, double.NaN);
        foreach (Question question in questions)
        {
            if (evidence.Answer(question) is { IsGraded: true } judgment)
            {
                for (int place = 0; place < question.Candidates.Count; place++)
                {
                    grades[question.Candidates[place]] = judgment.Grades[place];
                }
            }
        }

        // OrderByDescending is stable, so that equal grades stay in base order.
        var graded = new Queue<int>(evidence.BaseOrder
            .Where(candidate => !double.IsNaN(grades[candidate]))
            .OrderByDescending(candidate => grades[candidate]));
        return [.. evidence.BaseOrder.Select(
            candidate => double.IsNaN(grades[candidate]) ? candidate : graded.Dequeue())];
    }
}
