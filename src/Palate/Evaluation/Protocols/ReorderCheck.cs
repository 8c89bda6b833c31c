namespace Palate;

/// <summary>Something that was to be reached.</summary>
/// <param name="Name">What, in a few words.</param>
/// <param name="Reached">Whether it was.</param>
/// <param name="Words">The numbers.</param>
public sealed record ReorderCheck(string Name, bool Reached, string Words);
