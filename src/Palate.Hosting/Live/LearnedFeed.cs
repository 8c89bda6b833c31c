namespace Palate.Hosting;

/// <summary>Where news of what is learned beside the generations comes from.</summary>
/// <param name="Poll">
/// Takes up what has changed, and says what; asked as often as the pointer is read, never twice at a time. It must not throw.
/// </param>
internal sealed record LearnedFeed(Func<IReadOnlyList<LearnedChange>> Poll);
