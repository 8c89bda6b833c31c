namespace Palate.Cli;

/// <summary>What an import stored and what it skipped.</summary>
internal sealed record Imported(
    string Format,
    string Source,
    long Items,
    long Users,
    long Interactions,
    long HeldOut,
    double Seconds,
    long Bad,
    IReadOnlyList<string> FirstBad,
    IReadOnlyDictionary<string, long> Notes)
{
    /// <summary>How far the texts of a side file went; null when there was none.</summary>
    public ItemTexts? ItemTexts { get; init; }
}
