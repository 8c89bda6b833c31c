namespace Palate.Llm;

/// <summary>The settings that strategies made by name take; each takes those that concern it.</summary>
public sealed record StrategyOptions
{
    /// <summary>How many candidates a question of <c>pointwise-batched</c> shows, 1 to 100.</summary>
    /// <value>The default is 10.</value>
    public int BatchSize { get; init; } = 10;

    /// <summary>How many candidates <c>listwise</c> shows at most, 2 to 1,000.</summary>
    /// <value>The default is 100.</value>
    public int ListSize { get; init; } = 100;

    /// <summary>The windows of <c>rankgpt</c> and <c>first-token</c>.</summary>
    public WindowOptions Windows { get; init; } = new();

    /// <summary>The sets of <c>setwise-heapsort</c> and <c>setwise-insertion</c>.</summary>
    public SetOptions Sets { get; init; } = new();

    /// <summary>The tournaments of <c>tourrank</c>.</summary>
    public TournamentOptions Tournaments { get; init; } = new();

    /// <summary>The blocks of <c>blocks</c>.</summary>
    public BlockOptions Blocks { get; init; } = new();

    /// <summary>The rounds and blocks of <c>adaptive</c>.</summary>
    public AdaptiveOptions Adaptive { get; init; } = new();

    /// <summary>The shuffles of <c>self-consistency</c>.</summary>
    public ConsistencyOptions Consistency { get; init; } = new();
}
