namespace Palate;

/// <summary>What a re-ranker gets to see of a request.</summary>
public sealed record RerankContext
{
    /// <summary>The base ranking.</summary>
    public required Ranking Ranking { get; init; }

    /// <summary>The request.</summary>
    public required RecommendRequest Request { get; init; }

    /// <summary>What was searched by: what the user typed, or what that was rewritten into; null for no query.</summary>
    public string? Query { get; init; }

    /// <summary>The generation that the request is pinned to: catalog and ids.</summary>
    public required Generation Generation { get; init; }

    /// <summary>What the user had before: the stored history with the session's items.</summary>
    public required Profile Profile { get; init; }

    /// <summary>The name of the pipeline that answers.</summary>
    public required string Pipeline { get; init; }

    /// <summary>What the whole request may cost.</summary>
    public required Budget Budget { get; init; }

    /// <summary>The kind of the request, for which trust is learned apart: <c>cold</c>, <c>warm-query</c> and so on.</summary>
    public string Segment => (Profile.Items.IsEmpty ? "cold" : "warm") + (Request.Query is null ? "" : "-query");

    /// <summary>The clock's timestamp by which re-ranking has to have ended: the answer's deadline less the reserve.</summary>
    public required long Deadline { get; init; }
}
