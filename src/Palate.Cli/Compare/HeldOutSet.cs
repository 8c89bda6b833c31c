using Palate.Storage;

namespace Palate.Cli;

/// <summary>The held-out set that a command is about.</summary>
internal static class HeldOutSet
{
    /// <summary>The name of a home's held-out set.</summary>
    /// <param name="store">The home's store.</param>
    /// <param name="wanted">Its name; null for the only one there is.</param>
    /// <exception cref="CommandException">There is no such set.</exception>
    public static string Find(SqliteStore store, string? wanted)
    {
        IReadOnlyList<string> known = store.Splits();
        if (wanted is null ? known.Count == 1 : known.Contains(wanted))
        {
            return wanted ?? known[0];
        }

        string listed = known.Count == 0 ? "none" : string.Join(", ", known);
        throw new CommandException(ExitCode.NotFound, new Failure(
            "split_not_found",
            wanted is null
                ? $"The home has {known.Count} held-out sets: {listed}."
                : $"The home has no held-out set '{wanted}'; it has {listed}.",
            "Name one that it has, or import data that brings one."));
    }
}
