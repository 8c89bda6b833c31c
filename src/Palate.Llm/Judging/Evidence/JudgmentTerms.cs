namespace Palate.Llm;

/// <summary>Turns judgments into the terms of a likelihood.</summary>
internal static class JudgmentTerms
{
    /// <summary>The judged candidates in ascending order.</summary>
    /// <param name="judgments">What was said.</param>
    /// <param name="number">Zeros; gets the place of each of them among them.</param>
    public static int[] Number(IReadOnlyList<Judgment> judgments, int[] number)
    {
        int count = 0;
        foreach (Judgment judgment in judgments)
        {
            foreach (int candidate in judgment.Question.Shown)
            {
                count += number[candidate] == 0 ? 1 : 0;
                number[candidate] = 1;
            }
        }

        int[] judged = new int[count];
        int next = 0;
        for (int candidate = 0; next < count; candidate++)
        {
            if (number[candidate] > 0)
            {
                number[candidate] = next;
                judged[next++] = candidate;
            }
        }

        return judged;
    }

    /// <summary>A term for every order and choice, and one for all grades of a kind.</summary>
    /// <param name="judgments">What was said, sorted by kind.</param>
    /// <param name="number">The place of each judged candidate among them.</param>
    /// <param name="scores">The normal score of each candidate in the base ranking.</param>
    public static LikelihoodTerm[] Of(IReadOnlyList<Judgment> judgments, int[] number, double[] scores)
    {
        var terms = new List<LikelihoodTerm>(judgments.Count);
        Span<int> places = scores.Length <= 256 ? stackalloc int[scores.Length] : new int[scores.Length];
        foreach (Judgment judgment in judgments)
        {
            ReadOnlySpan<int> shown = judgment.Question.Shown;
            int named = judgment.Named.Count;
            if (judgment.IsGraded || shown.Length < 2 || (!judgment.IsOrdered && named == shown.Length))
            {
                continue;
            }

            for (int at = 0; at < shown.Length; at++)
            {
                places[shown[at]] = at + 1;
            }

            // Those that are named, then the others as they were shown.
            int[] items = new int[shown.Length];
            double[] place = new double[shown.Length];
            int filled = 0;
            for (; filled < named; filled++)
            {
                int candidate = judgment.Named[filled];
                items[filled] = number[candidate];
                place[filled] = Place(places[candidate] - 1, items.Length);
                places[candidate] = 0;
            }

            foreach (int candidate in shown)
            {
                if (places[candidate] > 0)
                {
                    items[filled] = number[candidate];
                    place[filled++] = Place(places[candidate] - 1, items.Length);
                }
            }

            terms.Add(judgment.IsOrdered ? new RankTerm(items, place, named) : new ChoiceTerm(items, place, named));
        }

        // Judgments come sorted by kind.
        QuestionKind? last = null;
        foreach (Judgment judgment in judgments)
        {
            if (judgment.IsGraded && judgment.Question.Kind != last)
            {
                last = judgment.Question.Kind;
                if (Grades(judgments, judgment.Question.Kind, number, scores) is { } term)
                {
                    terms.Add(term);
                }
            }
        }

        return [.. terms];
    }

    // 1 for the first to -1 for the last.
    private static double Place(int at, int count) => 1 - (2.0 * at / (count - 1));

    // Null where there are none, or all are the same.
    private static GradeTerm? Grades(
        IReadOnlyList<Judgment> judgments, QuestionKind kind, int[] number, double[] scores)
    {
        var candidates = new List<int>();
        var grades = new List<double>();
        foreach (Judgment judgment in judgments)
        {
            for (int at = 0; at < judgment.Grades.Count && judgment.Question.Kind == kind; at++)
            {
                if (!double.IsNaN(judgment.Grades[at]))
                {
                    candidates.Add(judgment.Question.Candidates[at]);
                    grades.Add(judgment.Grades[at]);
                }
            }
        }

        if (grades.Count == 0 || grades.Max() - grades.Min() <= 1e-9)
        {
            return null;
        }

        int[] items = [.. candidates.Select(candidate => number[candidate]).Distinct()];
        int[] place = new int[scores.Length];
        for (int at = 0; at < items.Length; at++)
        {
            place[items[at]] = at;
        }

        double mean = candidates.Average(candidate => scores[candidate]);
        double variance = candidates.Average(candidate => (scores[candidate] - mean) * (scores[candidate] - mean));
        return new GradeTerm(
            items, [.. candidates.Select(candidate => place[number[candidate]])], [.. grades], variance);
    }
}
