using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <summary>The home's store cannot do what was asked. The message says why and what to do.</summary>
public sealed class StoreException : Exception
{
    /// <summary>An error without a message of its own.</summary>
    public StoreException()
        : this("The store failed.")
    {
    }

    /// <summary>An error with a message for the owner of the home.</summary>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public StoreException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>Whether the disk, or the size that the database may have, is exhausted.</summary>
    public bool IsFull { get; private init; }

    // The primary result codes of https://www.sqlite.org/rescode.html.
    internal static StoreException From(SqliteException cause, string path)
    {
        string text = cause.SqliteErrorCode switch
        {
            5 or 6 => $"The database {path} is in use by another process that does not finish. Try again later.",
            8 => $"The database {path} cannot be written to. Check the rights of the file and of its folder.",
            10 => $"The disk failed under the database {path}: {cause.Message} Check it, then run 'palate doctor'.",
            11 or 26 => $"The file {path} is damaged or no database: {cause.Message} Restore a copy, or move it away "
                + "and import again.",
            13 => $"There is no space left for the database {path}. What was acknowledged is stored, the rest is not. "
                + "Free some space and do it again: importing twice is harmless.",
            14 => $"The database {path} cannot be opened. Check that its folder is there and that you may write to it.",
            _ => $"The database {path} failed: {cause.Message}",
        };
        return new StoreException(text, cause) { IsFull = cause.SqliteErrorCode == 13 };
    }
}
