namespace Palate;

/// <summary>A row of a <see cref="ReorderReport"/>, with what it took.</summary>
/// <param name="Section">The part of the table that it stands in.</param>
/// <param name="Row">What was measured.</param>
public sealed record ReorderReportRow(string Section, ReorderRow Row)
{
    /// <summary>Steps of a request on average; null where there are none.</summary>
    public double? Steps { get; init; }

    /// <summary>Calls of a request on average; null where there are none.</summary>
    public double? Calls { get; init; }

    /// <summary>Tokens of a request on average; null where there are none.</summary>
    public double? Tokens { get; init; }

    /// <summary>Milliseconds of a request on average, in compute: a simulated model answers at once.</summary>
    public double? Milliseconds { get; init; }
}
