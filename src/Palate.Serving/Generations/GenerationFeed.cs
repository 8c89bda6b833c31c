namespace Palate.Serving;

/// <summary>Where the service finds generations: three questions to a store.</summary>
/// <param name="CurrentName">The name of the generation to serve; null when none is published. Asked every second.</param>
/// <param name="Load">Reads a generation whole and checks it; throws with a clear message when it is damaged.</param>
/// <param name="List">All published generations, newest first.</param>
public sealed record GenerationFeed(
    Func<string?> CurrentName, Func<string, ServedGeneration> Load, Func<IReadOnlyList<GenerationEntry>> List);
