namespace Palate.Hosting;

/// <summary>A home, its <c>palate.yaml</c> or what was built in code cannot be used as it is.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>What cannot be used, and what to do.</summary>
    /// <param name="code">A stable word, for example <c>bad_settings</c>.</param>
    /// <param name="message">What was wrong, with the value.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ConfigurationException(string code, string message, string remedy, Exception? innerException = null)
        : base(message, innerException) => (Code, Remedy) = (code, remedy);

    /// <summary>A stable word: <c>bad_settings</c>, <c>home_not_found</c>, <c>model_not_found</c> or <c>no_pipeline</c>.</summary>
    public string Code { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }

    /// <summary>The path of the setting, for example <c>pipelines.llm.layout</c>; null when the whole file is meant.</summary>
    public string? Setting { get; init; }
}
