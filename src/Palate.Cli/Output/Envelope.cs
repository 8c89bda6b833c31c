namespace Palate.Cli;

/// <summary>What <c>--json</c> writes on standard output: always one of these, and nothing else.</summary>
/// <param name="Command">The verb.</param>
/// <param name="Status"><c>ok</c> or <c>error</c>.</param>
/// <param name="Result">The verb's result; null when it failed before it had any.</param>
/// <param name="Errors">Why the status is <c>error</c>; empty when it is <c>ok</c>.</param>
internal sealed record Envelope(string Command, string Status, object? Result, IReadOnlyList<Failure> Errors);
