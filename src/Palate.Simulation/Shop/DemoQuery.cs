namespace Palate.Simulation;

/// <summary>A query of the demo world, with what every item is worth for it.</summary>
/// <param name="Text">What somebody types, for example <c>cordless headset for zoom calls</c>.</param>
/// <param name="Grades">
/// One grade per item index: 3 is exactly what was asked for, 2 meets at least half of it, 1 is of the right kind,
/// 0 is something else.
/// </param>
public sealed record DemoQuery(string Text, IReadOnlyList<int> Grades);
