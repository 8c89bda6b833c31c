namespace Palate.Llm;

/// <summary>What could be read from a reply.</summary>
/// <param name="Judgment">A valid judgment, possibly of fewer candidates than asked; null when there is none.</param>
/// <param name="Class">How well it could be read.</param>
/// <param name="IsComplete">Whether everything wanted is there, so that generation can be stopped.</param>
public sealed record ParsedReply(Judgment? Judgment, ReplyClass Class, bool IsComplete);
