namespace Palate.Storage;

/// <summary>What was deleted with a user.</summary>
/// <param name="Interactions">How many interactions.</param>
/// <param name="HeldOut">How many held-out rows.</param>
public sealed record ForgottenUser(long Interactions, long HeldOut);
