namespace Palate;

/// <summary>One event of a user on an item.</summary>
/// <param name="UserId">The user's external id.</param>
/// <param name="ItemId">The item's external id.</param>
/// <param name="Type">What happened, for example <c>rating</c>, <c>view</c> or <c>purchase</c>.</param>
/// <param name="Value">How much: a rating, a quantity, or 1. Finite.</param>
/// <param name="Time">When, in Unix seconds; 0 when unknown.</param>
public readonly record struct Interaction(string UserId, string ItemId, string Type, float Value, long Time);
