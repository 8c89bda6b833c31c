namespace Palate.Hosting;

/// <summary>A home, its <c>palate.yaml</c> or what was put together in code cannot be used as it is.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>What cannot be used, and what to do.</summary>
    /// <param name="code">A stable word, for example <c>bad_settings</c>.</param>
    /// <param name="message">What was wrong, with the value.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ConfigurationException(string code, string message, string remedy, Exception? innerException = null)
        : base($"{message} {remedy}", innerException) => (Code, Problem, Remedy) = (code, message, remedy);

    /// <summary>
    /// A stable word: <c>bad_settings</c>, <c>home_not_found</c>, <c>model_not_found</c>, <c>no_pipeline</c>, <c>no_generation</c>
    /// or <c>bad_provider</c>.
    /// </summary>
    public string Code { get; }

    /// <summary>What was wrong, with the value; the message says it, too, followed by <see cref="Remedy"/>.</summary>
    public string Problem { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }

    /// <summary>The path of the setting, for example <c>pipelines.llm.layout</c>; null when no single one is meant.</summary>
    public string? Setting { get; init; }

    /// <summary>A setting of <c>palate.yaml</c> has a value that cannot be used.</summary>
    internal static ConfigurationException Of(string setting, ArgumentException wrong)
    {
        string words = Words(wrong);
        return new ConfigurationException(
            "bad_settings",
            words.StartsWith(setting, StringComparison.Ordinal) ? words : $"{setting}: {words}",
            "Change the value in palate.yaml.",
            wrong)
        {
            Setting = setting,
        };
    }

    /// <summary>A message without what the framework adds for programmers: the parameter, and a value on a line of its own.</summary>
    internal static string Words(Exception exception)
    {
        string message = exception.Message;
        int parameter = message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        int value = message.LastIndexOf("Actual value was ", StringComparison.Ordinal);
        string actual = value < 0 ? "" : $" It is {message[(value + "Actual value was ".Length)..].TrimEnd('.')}.";
        return parameter < 0 ? message : message[..parameter] + actual;
    }
}
