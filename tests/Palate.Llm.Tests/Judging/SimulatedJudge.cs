namespace Palate.Llm.Tests;

/// <summary>Answers questions from planted utilities, well or badly.</summary>
internal static class SimulatedJudge
{
    /// <summary>Always right.</summary>
    public static Func<Question, Judgment?> Perfect(double[] utilities) => question => Answer(question, utilities);

    /// <summary>Always the wrong way round.</summary>
    public static Func<Question, Judgment?> Hostile(double[] utilities) =>
        Perfect([.. utilities.Select(utility => 1 - utility)]);

    /// <summary>Right up to noise that is drawn anew for every question, and the same for the same question.</summary>
    public static Func<Question, Judgment?> Noisy(double[] utilities, double noise, int seed) => question =>
    {
        var random = new Random(unchecked(seed * 31 + Key(question)));
        return Answer(question, [.. utilities.Select(utility => utility + noise * (random.NextDouble() - 0.5))]);
    };

    /// <summary>Prefers whatever is shown first: contradicts itself on every pair.</summary>
    public static Func<Question, Judgment?> StuckOnFirst() => question =>
        question.Kind is QuestionKind.Grade or QuestionKind.YesNo
            ? Judgment.Graded(question, [.. question.Candidates.Select((_, place) => 1.0 / (place + 1))])
            : Judgment.Ordered(question, [.. question.Candidates.Take(question.Wanted)]);

    /// <summary>Never answers.</summary>
    public static Func<Question, Judgment?> Silent() => _ => null;

    /// <summary>Answers about half of the questions, and those only in part.</summary>
    public static Func<Question, Judgment?> Careless(double[] utilities, int seed) => question =>
    {
        if ((Key(question) + seed) % 2 == 0 || Answer(question, utilities) is not { } whole)
        {
            return null;
        }

        int half = (question.Candidates.Count + 1) / 2;
        return whole.IsGraded
            ? Judgment.Graded(question, [.. whole.Grades.Select((grade, place) => place < half ? grade : double.NaN)])
            : Judgment.Ordered(question, [.. whole.Named.Take(half)]);
    };

    /// <summary>All kinds by their names.</summary>
    public static Func<Question, Judgment?> Named(string name, double[] utilities, int seed) => name switch
    {
        "perfect" => Perfect(utilities),
        "hostile" => Hostile(utilities),
        "noisy" => Noisy(utilities, 0.5, seed),
        "random" => Noisy([.. utilities.Select(_ => 0.0)], 1, seed),
        "stuck" => StuckOnFirst(),
        "silent" => Silent(),
        "careless" => Careless(utilities, seed),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such judge."),
    };

    private static Judgment Answer(Question question, double[] utilities)
    {
        if (question.Kind is QuestionKind.Grade or QuestionKind.YesNo)
        {
            return Judgment.Graded(question, [.. question.Candidates.Select(shown => Math.Clamp(utilities[shown], 0, 1))]);
        }

        int[] best = [.. question.Candidates.OrderByDescending(shown => utilities[shown]).Take(question.Wanted)];
        return question.Kind == QuestionKind.Choose
            ? Judgment.Chosen(question, [.. best.Order()])
            : Judgment.Ordered(question, best);
    }

    /// <summary>Fixed by the question's content alone; hash codes of strings differ from run to run.</summary>
    private static int Key(Question question)
    {
        int key = (int)question.Kind * 7919 + question.Repeat;
        foreach (int shown in question.Candidates)
        {
            key = unchecked(key * 1000003 + shown);
        }

        return key & int.MaxValue;
    }
}
