using Palate.Llm;

namespace Palate.Benchmarks;

/// <summary>What the notebook's benchmark found.</summary>
public sealed record NotebookReport
{
    /// <summary>Requests that were measured.</summary>
    public required int Requests { get; init; }

    /// <summary>Mean NDCG@10 of the base ranking, the ideal being the same ten items in their best order, as the notebook has it.</summary>
    public required double BaseNdcg { get; init; }

    /// <summary>The same after re-ranking.</summary>
    public required double Ndcg { get; init; }

    /// <summary>Where the mean difference of the two could be, with 95 % confidence.</summary>
    public required MetricInterval GainInterval { get; init; }

    /// <summary>The same difference when the ideal is the best ten of all candidates, which is what Palate reports elsewhere.</summary>
    public required double FullIdealGain { get; init; }

    /// <summary>The share of the base score that was learned.</summary>
    public required double Alpha { get; init; }

    /// <summary>How often each mode was the answer's.</summary>
    public required IReadOnlyDictionary<string, int> Modes { get; init; }

    /// <summary>Requests that were answered after the deadline.</summary>
    public required int OverDeadline { get; init; }

    /// <summary>The median, 95 %, 99 % and 100 % points of the time of a request, in milliseconds.</summary>
    public required IReadOnlyList<double> Milliseconds { get; init; }

    /// <summary>Calls of the model.</summary>
    public required int Calls { get; init; }

    /// <summary>Replies by how they could be read.</summary>
    public required IReadOnlyDictionary<ReplyClass, int> Replies { get; init; }

    /// <summary>Calls that failed, by kind.</summary>
    public required IReadOnlyDictionary<ModelCallFailure, int> Failures { get; init; }
}
