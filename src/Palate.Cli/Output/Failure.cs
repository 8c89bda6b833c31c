namespace Palate.Cli;

/// <summary>An error of a command: for a person as a sentence and a remedy, for a script as a code.</summary>
/// <param name="Code">A stable word, for example <c>home_not_found</c>.</param>
/// <param name="Message">What was wrong, with the value.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record Failure(string Code, string Message, string Remedy);
