namespace Palate.Llm;

/// <summary>One question to the model about some of a request's candidates.</summary>
/// <remarks>Two questions are equal when everything in them is: that is how a strategy finds its answer again.</remarks>
public sealed class Question : IEquatable<Question>
{
    private readonly int[] _candidates;

    /// <summary>A question about candidates.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="candidates">Candidate numbers in the order in which they are shown, each once, at least one.</param>
    /// <param name="wanted">How many of them the reply should name; 0 for all (or one, where the kind says so).</param>
    /// <param name="instruction">What this question asks beyond its kind, for example a node's instruction; may be empty.</param>
    /// <param name="repeat">Tells repetitions of the same question apart; 0 for the first.</param>
    /// <param name="isBrief">Whether only the beginning of each candidate is shown; not for grades, which are kept.</param>
    public Question(
        QuestionKind kind,
        IReadOnlyList<int> candidates,
        int wanted = 0,
        string instruction = "",
        int repeat = 0,
        bool isBrief = false)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(instruction);
        ArgumentOutOfRangeException.ThrowIfZero(candidates.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, candidates.Count);
        if (isBrief && kind is (QuestionKind.Grade or QuestionKind.YesNo))
        {
            throw new ArgumentException("A grade stands for the whole candidate; show it whole.", nameof(isBrief));
        }

        Kind = kind;
        _candidates = [.. candidates];
        Wanted = wanted > 0 ? wanted : kind is QuestionKind.Pair or QuestionKind.Best ? 1 : candidates.Count;
        Instruction = instruction;
        Repeat = repeat;
        IsBrief = isBrief;
    }

    /// <summary>What is asked.</summary>
    public QuestionKind Kind { get; }

    /// <summary>Candidate numbers, in the order in which they are shown.</summary>
    public IReadOnlyList<int> Candidates => _candidates;

    /// <summary>The same numbers.</summary>
    internal ReadOnlySpan<int> Shown => _candidates;

    /// <summary>How many of them the reply should name.</summary>
    public int Wanted { get; }

    /// <summary>What this question asks beyond its kind; may be empty.</summary>
    public string Instruction { get; }

    /// <summary>Tells repetitions of the same question apart.</summary>
    public int Repeat { get; }

    /// <summary>Whether only the beginning of each candidate is shown.</summary>
    public bool IsBrief { get; }

    /// <inheritdoc/>
    public bool Equals(Question? other) =>
        other is not null && Kind == other.Kind && Wanted == other.Wanted && Repeat == other.Repeat && IsBrief == other.IsBrief &&
        string.Equals(Instruction, other.Instruction, StringComparison.Ordinal) &&
        _candidates.AsSpan().SequenceEqual(other._candidates);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Question);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(Wanted);
        hash.Add(Repeat);
        hash.Add(IsBrief);
        hash.Add(Instruction, StringComparer.Ordinal);
        foreach (int candidate in _candidates)
        {
            hash.Add(candidate);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Wanted} of [{string.Join(' ', _candidates)}]";
}
