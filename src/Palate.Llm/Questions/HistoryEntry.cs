namespace Palate.Llm;

/// <summary>One item of a user's past, as a prompt shows it.</summary>
/// <param name="Title">The item's title.</param>
/// <param name="Value">The rating or other value; null when there is none.</param>
public sealed record HistoryEntry(string Title, float? Value = null);
