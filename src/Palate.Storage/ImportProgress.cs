namespace Palate.Storage;

/// <summary>What an import has stored so far; told after each batch that is safely stored.</summary>
/// <param name="Stage">
/// What is being stored: <c>items</c>, <c>users</c>, <c>interactions</c> or <c>held-out NAME</c>.
/// </param>
/// <param name="Rows">How many rows of this stage are stored.</param>
/// <param name="Elapsed">Since the import began.</param>
public sealed record ImportProgress(string Stage, long Rows, TimeSpan Elapsed);
