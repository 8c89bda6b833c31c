using Microsoft.Data.Sqlite;
using Palate.Hosting;
using Palate.Storage;

namespace Palate.Cli;

/// <summary>What each exception of the engine and the store means on the command line.</summary>
internal static class FailureMap
{
    /// <summary>The exit code and the words for an exception.</summary>
    /// <param name="exception">What a verb threw.</param>
    /// <param name="isVerbose">Whether an unexpected one should come with its stack.</param>
    public static (int ExitCode, Failure Failure) Of(Exception exception, bool isVerbose) => exception switch
    {
        CommandException known => (known.ExitCode, known.Failure),
        InvalidRequestException wrong => (ExitCode.BadInput, new Failure(
            "invalid_request", wrong.Message, $"Change {wrong.Parameter} and ask again.")),
        ImportException wrong => (ExitCode.BadInput, new Failure(
            "import_failed", wrong.Message, "Mend the data or the format's name and import again; that is harmless.")),
        StoreException store => OfStore(store),
        ConfigurationException wrong => (
            wrong.Code is "home_not_found" or "model_not_found" ? ExitCode.NotFound : ExitCode.BadInput,
            new Failure(wrong.Code, wrong.Problem, wrong.Remedy)),
        GenerationException { Generation: "" } none => (ExitCode.NotFound, new Failure(
            "no_generation", none.Message, "Run 'palate train'.")),
        GenerationException { InnerException: not null } damaged => OfDamaged(damaged),
        GenerationException generation when generation.Message.Contains("damaged", StringComparison.Ordinal) =>
            OfDamaged(generation),
        GenerationException generation => (ExitCode.NotFound, new Failure(
            "generation_unusable", generation.Message, "Run 'palate doctor' for a list of all generations.")),
        InvalidDataException damaged => (ExitCode.Damaged, new Failure(
            "damaged", damaged.Message, "Run 'palate doctor' to see what is whole.")),
        ArgumentException or FormatException => (ExitCode.BadInput, new Failure(
            "bad_input", ConfigurationException.Words(exception), "Change the value that the message names and run it again.")),
        FileNotFoundException or DirectoryNotFoundException => (ExitCode.NotFound, new Failure(
            "not_found", exception.Message, "Check the path.")),
        UnauthorizedAccessException denied => (ExitCode.Failed, new Failure(
            "denied", denied.Message, "Check the rights of the file and of its folder.")),
        IOException io => (ExitCode.Failed, new Failure(
            "io_failed", io.Message, "Check the disk, the path and its rights; 'palate doctor' helps.")),
        _ => (ExitCode.Failed, new Failure(
            "internal",
            isVerbose ? exception.ToString() : exception.Message,
            isVerbose
                ? "Please report this."
                : "This should not happen. Run it with --verbose and report what it says.")),
    };

    private static (int ExitCode, Failure Failure) OfDamaged(GenerationException damaged) =>
        (ExitCode.Damaged, new Failure(
            "generation_damaged", damaged.Message, "Run 'palate rollback', or 'palate train' for a new one."));

    private static (int ExitCode, Failure Failure) OfStore(StoreException store) => store switch
    {
        { IsFull: true } => (ExitCode.Failed, new Failure(
            "disk_full", store.Message, "Free some space and run it again.")),
        { InnerException: SqliteException { SqliteErrorCode: 5 or 6 } } => (ExitCode.Busy, new Failure(
            "home_busy", store.Message, "Wait until the other process is done, or use another --home.")),
        { InnerException: SqliteException { SqliteErrorCode: 11 or 26 } } => (ExitCode.Damaged, new Failure(
            "database_damaged", store.Message, "Restore a copy of palate.db, or move it away and import again.")),
        _ => (ExitCode.Failed, new Failure(
            "store_failed", store.Message, "Run 'palate doctor' to see what the home lacks.")),
    };
}
