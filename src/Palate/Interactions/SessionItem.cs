namespace Palate;

/// <summary>One interaction of the running session.</summary>
/// <param name="ItemId">The item's external id.</param>
/// <param name="Value">How much, as in <see cref="Interaction.Value"/>; 1 when nothing is known.</param>
/// <param name="Time">When, in Unix seconds; 0 for now.</param>
public sealed record SessionItem(string ItemId, float Value = 1, long Time = 0);
