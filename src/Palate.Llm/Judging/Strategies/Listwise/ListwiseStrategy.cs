namespace Palate.Llm;

/// <summary>All candidates in one question; those beyond the window keep their places.</summary>
/// <remarks>One window of Sun et al. 2023, arXiv 2304.09542, as LLMRank uses it (Hou et al. 2024, arXiv 2305.08845).</remarks>
internal sealed class ListwiseStrategy : Strategy
{
    private readonly int _windowSize;

    /// <summary>A strategy with its window.</summary>
    /// <param name="windowSize">How many candidates, best first by the base ranking, are shown at most; 2 to 1,000.</param>
    public ListwiseStrategy(int windowSize = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowSize, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowSize, 1000);
        _windowSize = windowSize;
    }

    /// <inheritdoc/>
    public override string Name => "listwise";

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
        replay = new Replay(evidence);
        int[] shown = [.. evidence.BaseOrder.Take(_windowSize)];
        return shown.Length > 1 && replay.TryOrder(new Question(QuestionKind.Order, shown), out int[] order)
            ? BaseFill.After(order, evidence)
            : [.. evidence.BaseOrder];
    }
}
