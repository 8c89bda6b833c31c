namespace Palate.Cli;

/// <summary>Which data set to read, as the command line names it.</summary>
/// <param name="Format">One of <see cref="Formats.Names"/>.</param>
/// <param name="Path">The folder or file; for the demo world a seed, or nothing.</param>
/// <param name="Split">The split whose training file holds the interactions; null for all of them.</param>
/// <param name="Map">Which column of a CSV file means what.</param>
/// <param name="Delimiter">What separates the fields of a CSV file: one character, or <c>tab</c>.</param>
internal sealed record FormatChoice(string Format, string? Path, string? Split, string? Map, string? Delimiter);
