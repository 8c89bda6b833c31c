namespace Palate.Llm;

/// <summary>Walks from aspect to aspect, keeps the results, and takes the one that serves the goal best.</summary>
/// <remarks>
/// LLM4Rerank (Gao et al. 2025, arXiv 2406.12433), bounded: a walk never has more than its steps, a step never more
/// than one call, and whatever a reply says the walk goes on or ends with the best result so far. Where a reply is
/// missing, rules lead on and shapers order. The result that is taken is measured, not the newest, and the order by
/// relevance takes part, so a walk that finds nothing better changes nothing.
/// </remarks>
internal sealed partial class GraphStrategy : Strategy
{
    private readonly GraphOptions _options;
    private readonly double _baseShare;

    // A request has one set of candidates, so what they are like is worked out once.
    private readonly GraphList? _list;

    /// <summary>A strategy with its nodes; without a request its candidates have no attributes.</summary>
    /// <param name="options">Nodes and bounds; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public GraphStrategy(GraphOptions? options = null)
        : this(options ?? new GraphOptions(), null, 1)
    {
        _options.Validate();
    }

    private GraphStrategy(GraphOptions options, RerankRequest? request, double baseShare)
    {
        _options = options;
        _baseShare = Math.Clamp(baseShare, 0, 1);
        _list = request is null
            ? null
            : new GraphList(
                options, [.. request.Candidates.Select(candidate => candidate.BaseScore)], Math.Max(1, request.Top), request);
        Goal = options.Goals.Understand(request?.Goal);
    }

    /// <inheritdoc/>
    public override string Name => "graph";

    /// <summary>What the walk is for.</summary>
    public GraphGoal Goal { get; }

    /// <summary>The nodes and bounds.</summary>
    public GraphOptions Options => _options;

    /// <inheritdoc/>
    public override Strategy For(RerankRequest request, double baseShare)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new GraphStrategy(_options, request, baseShare);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        var walker = new Walker(this, evidence, isFinal: false);
        walker.Go();
        return walker.Missing is { } question ? [question] : [];
    }

    /// <inheritdoc/>
    /// <remarks>A <see cref="GraphWalk"/>; from what was not answered, rules lead on.</remarks>
    public override Verdict Finish(Evidence evidence) => new Walker(this, evidence, isFinal: true).Go()!;

    /// <inheritdoc/>
    /// <remarks>A walk ends by itself; each step is one call, and one more may be a second try.</remarks>
    public override int MaxCalls => _options.Steps + 1;

    /// <inheritdoc/>
    public override bool EndsWhenSettled => false;

    /// <inheritdoc/>
    public override IEnumerable<string> TasteAttributes =>
        _options.Nodes.Where(node => node.Aspect == GraphAspect.Calibration).Select(node => node.Attribute!);

    /// <inheritdoc/>
    public override bool UsesNovelty => true;

    /// <inheritdoc/>
    /// <remarks>The model is told a goal's sentence where the request gives its name.</remarks>
    public override RerankRequest Shown(RerankRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request with { Goal = Goal.Sentence };
    }

    private GraphList List(Evidence evidence) =>
        _list is null ? new GraphList(_options, evidence.BaseScores, evidence.Top, null)
        : _list.IsOf(evidence.BaseScores) ? _list
        : throw new ArgumentException("The evidence and the request differ in their base scores.", nameof(evidence));
}
