namespace Palate.Storage;

/// <summary>What an import stored.</summary>
/// <param name="Items">Descriptions of items.</param>
/// <param name="Users">Descriptions of users.</param>
/// <param name="Interactions">Interactions, those that were there before included.</param>
/// <param name="HeldOut">Held-out rows of all splits.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Report">Bad rows and notes.</param>
public sealed record ImportResult(
    long Items, long Users, long Interactions, long HeldOut, TimeSpan Elapsed, ImportReport Report);
