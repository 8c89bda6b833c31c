namespace Palate.Llm;

/// <summary>What a model said in answer to one question.</summary>
/// <remarks>
/// It may say less than was asked: candidates without a grade or a place are simply not judged. It never says anything
/// of a candidate that the question did not show. Immutable.
/// </remarks>
public sealed class Judgment
{
    private Judgment(Question question, IReadOnlyList<int> named, IReadOnlyList<double> grades, bool ordered)
    {
        Question = question;
        Named = named;
        Grades = grades;
        IsOrdered = ordered;
    }

    /// <summary>What was asked.</summary>
    public Question Question { get; }

    /// <summary>
    /// The candidates that the reply named as the best, each once; best first when <see cref="IsOrdered"/>. Those of
    /// the question that are not named come after them, in no order. Empty for grades.
    /// </summary>
    public IReadOnlyList<int> Named { get; }

    /// <summary>Whether <see cref="Named"/> is in an order; a chosen set is not.</summary>
    public bool IsOrdered { get; }

    /// <summary>One grade from 0 to 1 for each of the question's candidates, NaN where there is none; empty for an order.</summary>
    public IReadOnlyList<double> Grades { get; }

    /// <summary>Whether this judgment grades rather than orders.</summary>
    public bool IsGraded => Grades.Count > 0;

    /// <summary>The reason given for a candidate, by candidate number; empty when none was asked for.</summary>
    public IReadOnlyDictionary<int, string> Rationales { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<int, string>.Empty;

    /// <summary>The node that the reply wants to go to next; null outside the graph.</summary>
    public string? Next { get; init; }

    /// <summary>The tokens of the prompt, estimated; 0 when none is known.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Grades from 0 to 1, one for each of the question's candidates; NaN where the reply has none.</summary>
    /// <exception cref="ArgumentException">A grade is outside 0 to 1, or there is none at all.</exception>
    public static Judgment Graded(Question question, IReadOnlyList<double> grades)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(grades);
        ArgumentOutOfRangeException.ThrowIfNotEqual(grades.Count, question.Candidates.Count);
        bool any = false;
        foreach (double grade in grades)
        {
            if (grade is < 0 or > 1)
            {
                throw new ArgumentException($"A grade is {grade}; it must be from 0 to 1, or NaN for none.", nameof(grades));
            }

            any |= !double.IsNaN(grade);
        }

        return any
            ? new Judgment(question, [], [.. grades], ordered: false)
            : throw new ArgumentException("There is no grade; that is no judgment.", nameof(grades));
    }

    /// <summary>An order, best first: all of the question's candidates, or only the first of them.</summary>
    /// <exception cref="ArgumentException">A candidate is not in the question, is named twice, or none is named.</exception>
    public static Judgment Ordered(Question question, IReadOnlyList<int> bestFirst) =>
        new(question, Checked(question, bestFirst), [], ordered: true);

    /// <summary>A set of candidates that are better than the others of the question.</summary>
    /// <exception cref="ArgumentException">A candidate is not in the question, is named twice, or none is named.</exception>
    public static Judgment Chosen(Question question, IReadOnlyList<int> chosen) =>
        new(question, Checked(question, chosen), [], ordered: false);

    /// <summary>The same judgment with what the reply said beside it.</summary>
    internal Judgment Explained(
        IReadOnlyDictionary<int, string> rationales, string? next = null, int promptTokens = 0) =>
        new(Question, Named, Grades, IsOrdered) { Rationales = rationales, Next = next, PromptTokens = promptTokens };

    private static int[] Checked(Question question, IReadOnlyList<int> named)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(named);
        ReadOnlySpan<int> shown = question.Shown;
        Span<bool> isNamed = shown.Length <= 256 ? stackalloc bool[shown.Length] : new bool[shown.Length];
        isNamed.Clear();
        for (int place = 0; place < named.Count; place++)
        {
            int candidate = named[place];
            int at = shown.IndexOf(candidate);
            if (at >= 0 && !isNamed[at])
            {
                isNamed[at] = true;
            }
            else
            {
                throw new ArgumentException(
                    $"Candidate {candidate} is not in the question, or is named twice.", nameof(named));
            }
        }

        return named.Count > 0
            ? [.. named]
            : throw new ArgumentException("No candidate is named; that is no judgment.", nameof(named));
    }
}
