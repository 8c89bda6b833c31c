namespace Palate.Hosting;

/// <summary>Something learned beside the generations that changed while the host ran.</summary>
/// <param name="What">What it is, for example the path of its file.</param>
/// <param name="Refusal">Why it was refused, in a sentence; null when it counts from now on.</param>
internal sealed record LearnedChange(string What, string? Refusal = null);
