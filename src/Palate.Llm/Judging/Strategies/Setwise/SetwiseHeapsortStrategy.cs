namespace Palate.Llm;

/// <summary>Heapsort over sets: which of a parent and its children is the best, until the top places are filled.</summary>
/// <remarks>
/// Setwise, Zhuang et al. 2024, arXiv 2310.09497: about 70 to 130 questions for the top 10 of 100. Those that build one
/// level of the heap are asked in one round.
/// </remarks>
internal sealed class SetwiseHeapsortStrategy : Strategy
{
    private readonly SetOptions _options;

    /// <summary>A strategy with its sets; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public SetwiseHeapsortStrategy(SetOptions? options = null)
    {
        _options = options ?? new SetOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => "setwise-heapsort";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        Follow(evidence, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence) => Follow(evidence, out _);

    private int[] Follow(Evidence evidence, out Replay replay)
    {
        var sets = new Replay(evidence);
        replay = sets;
        return Heapsort.Order(
            evidence,
            _options.Children,
            (IReadOnlyList<int> family, out int best) =>
                sets.TryBest(new Question(QuestionKind.Best, family), out best));
    }
}
