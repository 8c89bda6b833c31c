namespace Palate.Simulation;

/// <summary>A meaning and the words for it: wireless, bluetooth and cordless are one concept.</summary>
/// <param name="Name">The attribute's value.</param>
/// <param name="Forms">Words that mean the same.</param>
internal sealed record DemoConcept(string Name, string[] Forms);
