namespace Palate.Benchmarks;

/// <summary>What a strategy reaches inside a deadline.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Deadline">In milliseconds.</param>
/// <param name="Ndcg">The mean NDCG@10.</param>
internal sealed record AnytimePoint(string Strategy, int Deadline, double Ndcg)
{
    public required PairedDifference OverBase { get; init; }

    /// <summary>Over the deadline before.</summary>
    public required PairedDifference Step { get; init; }

    public required int Full { get; init; }

    public required int Partial { get; init; }

    /// <summary>How often rules led a walk to its end because the model had said nothing.</summary>
    public required int Rules { get; init; }

    public required int Base { get; init; }

    public required double Calls { get; init; }

    public required double MaxMilliseconds { get; init; }
}
