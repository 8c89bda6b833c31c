namespace Palate.Cli;

/// <summary>How far the texts of a side file went.</summary>
/// <param name="Matched">Items that got a text.</param>
/// <param name="Unmatched">Items that got none.</param>
/// <param name="Problems">What of the file could not be used.</param>
internal sealed record ItemTexts(int Matched, int Unmatched, IReadOnlyList<string> Problems);
