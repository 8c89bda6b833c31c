namespace Palate.Cli;

/// <summary>What a check of the doctor found.</summary>
/// <param name="Check">What was looked at, one word or two.</param>
/// <param name="Status"><c>ok</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Message">What was found, in a sentence with the values.</param>
/// <param name="Remedy">What to do about it; null when there is nothing to do.</param>
internal sealed record Finding(string Check, FindingStatus Status, string Message, string? Remedy = null)
{
    public static Finding Ok(string check, string message) => new(check, FindingStatus.Ok, message);

    public static Finding Warning(string check, string message, string remedy) =>
        new(check, FindingStatus.Warning, message, remedy);

    public static Finding Error(string check, string message, string remedy) =>
        new(check, FindingStatus.Error, message, remedy);
}
