using System.Text.Json.Serialization;

namespace Palate;

/// <summary>The answer to a <see cref="RecommendRequest"/>, with the truth about how it came about.</summary>
public sealed record Recommendation
{
    /// <summary>The user of the request.</summary>
    public string? UserId { get; init; }

    /// <summary>The items, best first; at most the wanted count.</summary>
    public required IReadOnlyList<RecommendedItem> Items { get; init; }

    /// <summary>How the answer came about: <c>full</c>, <c>partial</c>, <c>cascade:TIER</c> or <c>base</c>.</summary>
    [JsonConverter(typeof(ModeConverter))]
    public required Mode Mode { get; init; }

    /// <summary>The code of why the mode is what it is, one of <see cref="Palate.ReasonCode"/>.</summary>
    public string ReasonCode
    {
        get => Mode.Code;
        init => Mode = Mode.Of(Mode.Name, value, Mode.Reason);
    }

    /// <summary>Why the mode is what it is, in a sentence.</summary>
    public string Reason
    {
        get => Mode.Reason;
        init => Mode = Mode.Of(Mode.Name, Mode.Code, value);
    }

    /// <summary>The generation that answered.</summary>
    public required string Generation { get; init; }

    /// <summary>The pipeline that answered.</summary>
    public required string Pipeline { get; init; }

    /// <summary>How many distinct candidates the sources proposed.</summary>
    public int Candidates { get; init; }

    /// <summary>How many ids of the request the generation does not know.</summary>
    public int UnknownItems { get; init; }

    /// <summary>What became of each pin, boost and cap of the request, and why.</summary>
    public IReadOnlyList<RuleOutcome> Rules { get; init; } = [];

    /// <summary>What the query was searched as; null when there is none, or the pipeline leaves queries as they are.</summary>
    public RewrittenQuery? Rewriting { get; init; }

    /// <summary>What re-ranking took; null when nothing was asked.</summary>
    public RerankUsage? Usage { get; init; }

    /// <summary>How long each stage took, in the order in which they ran.</summary>
    public IReadOnlyList<StageTiming> Timings { get; init; } = [];
}
