namespace Palate.Storage;

/// <summary>A line of the log of imports.</summary>
/// <param name="Reader">The format.</param>
/// <param name="Source">Where the data came from.</param>
/// <param name="StartedAt">When it began, in Unix seconds.</param>
/// <param name="FinishedAt">When it ended, or null when it was cut off.</param>
/// <param name="Items">Stored descriptions of items.</param>
/// <param name="Users">Stored descriptions of users.</param>
/// <param name="Interactions">Stored interactions.</param>
/// <param name="HeldOut">Stored held-out rows.</param>
/// <param name="Bad">Rows that were skipped.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record ImportRun(
    string Reader,
    string Source,
    long StartedAt,
    long? FinishedAt,
    long Items,
    long Users,
    long Interactions,
    long HeldOut,
    long Bad,
    string? Error);
