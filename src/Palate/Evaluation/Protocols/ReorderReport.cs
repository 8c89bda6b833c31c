namespace Palate;

/// <summary>Everything that a comparison of re-orderers found.</summary>
public sealed record ReorderReport
{
    /// <summary>The data.</summary>
    public required string Title { get; init; }

    /// <summary>How it was measured, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The metrics of the table, in order.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The table, measured on the users that nothing was tuned on.</summary>
    public required IReadOnlyList<ReorderReportRow> Rows { get; init; }

    /// <summary>The points of the fronts, by method.</summary>
    public IReadOnlyList<ReorderFrontPoint> Points { get; init; } = [];

    /// <summary>What was to be reached, and whether it was.</summary>
    public IReadOnlyList<ReorderCheck> Checks { get; init; } = [];

    /// <summary>One re-ordering step by step; empty for none.</summary>
    public IReadOnlyList<ReorderStep> Walk { get; init; } = [];

    /// <summary>What the walk was, in a sentence.</summary>
    public string WalkNote { get; init; } = "";
}
