namespace Palate;

/// <summary>An import cannot go on. The message says what is wrong, where, and what to do.</summary>
public sealed class ImportException : Exception
{
    /// <summary>An error without a message of its own.</summary>
    public ImportException()
        : this("The import failed.")
    {
    }

    /// <summary>An error with a message for the person who imports.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public ImportException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>The report up to the error, when there were too many bad rows; otherwise null.</summary>
    public ImportReport? Report { get; init; }
}
