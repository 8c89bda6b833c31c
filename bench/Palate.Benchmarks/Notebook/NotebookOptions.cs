namespace Palate.Benchmarks;

/// <summary>How the notebook's benchmark is run; the defaults are the notebook's own numbers.</summary>
public sealed record NotebookOptions
{
    /// <summary>How many requests are measured.</summary>
    public int Requests { get; init; } = 700;

    /// <summary>How many other requests the blend weight is learned from, before.</summary>
    public int LearningRequests { get; init; } = 200;

    /// <summary>How many of the candidates are judged.</summary>
    public int Judged { get; init; } = 60;

    /// <summary>How long one request may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(140);

    /// <summary>How long one call may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>How many places count.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Fixes the world and its requests.</summary>
    public ulong Seed { get; init; } = 7;
}
