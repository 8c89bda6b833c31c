namespace Palate.Llm;

/// <summary>A prompt template that cannot be used: it says which file, which field, and what to do.</summary>
public sealed class PromptException : Exception
{
    /// <summary>An error in one field of one file.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="field">The field, or a line where the file cannot be read at all.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="inner">What was found out below.</param>
    public PromptException(string file, string field, string problem, string remedy, Exception? inner = null)
        : base($"Prompt template {file}, {field}: {problem} {remedy}", inner)
    {
        File = file;
        Field = field;
        Remedy = remedy;
    }

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>The field, or the line.</summary>
    public string Field { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }
}
