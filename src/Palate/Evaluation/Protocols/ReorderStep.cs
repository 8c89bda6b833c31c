namespace Palate;

/// <summary>One step of a re-ordering, for drawing.</summary>
/// <param name="Name">The step.</param>
/// <param name="Items">The titles as the step left them, best first.</param>
/// <param name="Groups">The group of each of these, 0, 1 or -1.</param>
/// <param name="Values">What the order is worth, by name, 0 to 1.</param>
/// <param name="IsTaken">Whether this is the order that was taken.</param>
public sealed record ReorderStep(
    string Name,
    IReadOnlyList<string> Items,
    IReadOnlyList<int> Groups,
    IReadOnlyDictionary<string, double> Values,
    bool IsTaken);
