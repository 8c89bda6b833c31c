namespace Palate.Llm;

/// <summary>A window of 20 that slides from the back to the front by 10: 9 questions one after another for 100.</summary>
/// <remarks>
/// RankGPT, Sun et al. 2023, arXiv 2304.09542. A later pass asks again even where a window looks as it did: that is
/// what its source counts.
/// </remarks>
internal sealed class RankGptStrategy : Strategy
{
    private readonly WindowOptions _options;

    /// <summary>A strategy with its window; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public RankGptStrategy(WindowOptions? options = null)
    {
        _options = options ?? new WindowOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => "rankgpt";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        SlidingWindows.Follow(evidence, _options, QuestionKind.Order, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence) =>
        SlidingWindows.Follow(evidence, _options, QuestionKind.Order, out _);
}
