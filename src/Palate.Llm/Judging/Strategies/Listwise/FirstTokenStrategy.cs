namespace Palate.Llm;

/// <summary>Sliding windows whose order is read off the probabilities of the reply's first token.</summary>
/// <remarks>
/// FIRST, Gangi Reddy et al. 2024, arXiv 2406.15657: the windows of RankGPT for one token of reply each. Providers
/// report at most 20 alternatives, so a window shows at most 20 candidates.
/// </remarks>
internal sealed class FirstTokenStrategy : Strategy
{
    /// <summary>The most alternatives for a token that providers report, and with it the largest window.</summary>
    public const int MaxWindowSize = 20;

    private readonly WindowOptions _options;

    /// <summary>A strategy with its window; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public FirstTokenStrategy(WindowOptions? options = null)
    {
        _options = options ?? new WindowOptions();
        _options.Validate();
        if (_options.WindowSize > MaxWindowSize)
        {
            throw new ArgumentException(
                $"The window size is {_options.WindowSize}; first tokens tell at most {MaxWindowSize} candidates apart.",
                nameof(options));
        }
    }

    /// <inheritdoc/>
    public override string Name => "first-token";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        SlidingWindows.Follow(evidence, _options, QuestionKind.FirstToken, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence) =>
        SlidingWindows.Follow(evidence, _options, QuestionKind.FirstToken, out _);
}
