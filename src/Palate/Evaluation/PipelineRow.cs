namespace Palate;

/// <summary>How one pipeline did on the requests of a <see cref="PipelineComparison"/>.</summary>
/// <remarks>Sums and counts are over all requests.</remarks>
public sealed record PipelineRow
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Mean NDCG at the comparison's cutoff.</summary>
    public required double Ndcg { get; init; }

    /// <summary>Where that mean could be, with 95 % confidence.</summary>
    public required MetricInterval NdcgInterval { get; init; }

    /// <summary>The mean difference to the first pipeline, request by request.</summary>
    public required double Gain { get; init; }

    /// <summary>Where that difference could be, with 95 % confidence.</summary>
    public required MetricInterval GainInterval { get; init; }

    /// <summary>How often each mode was the answer's.</summary>
    public required IReadOnlyDictionary<string, int> Modes { get; init; }

    /// <summary>Rounds of questions.</summary>
    public long Rounds { get; init; }

    /// <summary>Calls of the model.</summary>
    public long Calls { get; init; }

    /// <summary>Questions answered from a cache.</summary>
    public long CacheHits { get; init; }

    /// <summary>Tokens of prompts, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of prompts that the provider took from its cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens of replies.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Dollars.</summary>
    public decimal Dollars { get; init; }

    /// <summary>Median time of a whole answer, in milliseconds.</summary>
    public double P50Milliseconds { get; init; }

    /// <summary>The 99 % point of the time of a whole answer, in milliseconds.</summary>
    public double P99Milliseconds { get; init; }

    /// <summary>NDCG of each request, in the order of the requests.</summary>
    internal double[] Values { get; init; } = [];
}
