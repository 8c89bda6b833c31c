namespace Palate.Llm;

/// <summary>Walks from aspect to aspect, keeps the results, and takes the one that serves the goal best.</summary>
/// <remarks>
/// LLM4Rerank (Gao et al. 2025, arXiv 2406.12433), bounded: a walk never has more than its steps, a step never more
/// than one call, and whatever a reply says the walk goes on or ends with the best result so far. Where a reply is
/// missing, rules lead on and shapers order. The result that is taken is measured, not the newest, and the order by
/// relevance takes part, so a walk that finds nothing better changes nothing.
/// </remarks>
public sealed partial class GraphStrategy : Strategy
{
    private readonly GraphOptions _options;
    private readonly RerankRequest? _request;
    private readonly double _baseShare;
    private GraphList? _list;

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
        _request = request;
        _baseShare = Math.Clamp(baseShare, 0, 1);
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
    public override IReadOnlyList<int> OwnOrder(Evidence evidence) => Walk(evidence).Order;

    /// <summary>The walk as it is now; what was not answered, rules lead on from.</summary>
    public GraphWalk Walk(Evidence evidence)
    {
        var walker = new Walker(this, evidence, isFinal: true);
        return walker.Go()!;
    }

    // A request has one set of candidates, so what they are like is worked out once.
    private GraphList List(Evidence evidence)
    {
        int top = _request?.Top ?? evidence.Top;
        if (_request is not null && _request.Candidates.Count != evidence.Candidates)
        {
            throw new ArgumentException(
                $"The evidence has {evidence.Candidates} candidates and the request {_request.Candidates.Count}.",
                nameof(evidence));
        }

        return _list is { } known && known.IsOf(evidence.BaseScores)
            ? known
            : _list = new GraphList(_options, evidence.BaseScores, Math.Max(1, top), _request);
    }
}
