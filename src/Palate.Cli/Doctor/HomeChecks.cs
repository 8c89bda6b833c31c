using System.Globalization;
using Palate.Storage;

namespace Palate.Cli;

/// <summary>What the home holds, and whether it is whole.</summary>
internal static class HomeChecks
{
    /// <summary>Looks through the whole home; reads every file, so it takes as long as the disk does.</summary>
    public static IEnumerable<Finding> Of(string path)
    {
        if (!Directory.Exists(path))
        {
            yield return Finding.Error(
                "home",
                $"There is no home at {path}.",
                "Run 'palate demo' or 'palate import' first, or name another folder with --home.");
            yield break;
        }

        Home? home = null;
        Finding? closed = null;
        try
        {
            home = Home.Open(path);
        }
        catch (StoreException failure)
        {
            closed = Finding.Error("home", failure.Message, "Give the folder to the user who runs palate.");
        }

        if (home is null)
        {
            yield return closed!;
            yield break;
        }

        yield return Finding.Ok("home", $"{home.Path} can be written to.");
        yield return MachineChecks.Disk(home.Path);
        long? imported = null;
        foreach (Finding finding in Database(home, newest => imported = newest))
        {
            yield return finding;
        }

        foreach (Finding finding in Generations(home, imported))
        {
            yield return finding;
        }
    }

    private static List<Finding> Database(Home home, Action<long> tellNewest)
    {
        if (!File.Exists(home.DatabaseFile))
        {
            return [Finding.Warning("database", "Nothing was imported yet.", "Run 'palate import' or 'palate demo'.")];
        }

        try
        {
            using SqliteStore store = home.OpenStore();
            IReadOnlyList<string> damage = store.CheckIntegrity();
            if (damage.Count > 0)
            {
                return
                [
                    Finding.Error(
                        "database",
                        $"{home.DatabaseFile} is damaged: {string.Join("; ", damage.Take(3))}.",
                        "Restore a copy, or move it away and import again."),
                ];
            }

            List<Finding> findings =
            [
                Finding.Ok("database", $"{home.DatabaseFile} is whole and of this release's schema."),
            ];
            findings.Add(Counts(store.Counts()));
            if (store.Imports() is [.., ImportRun last])
            {
                tellNewest(last.FinishedAt ?? last.StartedAt);
                if (last.FinishedAt is null || last.Error is not null)
                {
                    findings.Add(Finding.Warning(
                        "import",
                        $"The last import ({last.Reader} from {last.Source}) {Ended(last)}.",
                        "Do it again; what is stored already stays and is not doubled."));
                }
            }

            return findings;
        }
        catch (StoreException failure)
        {
            return [Finding.Error("database", failure.Message, "Do what the message says.")];
        }
    }

    private static Finding Counts(StoreCounts counts)
    {
        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Items:N0} items, {counts.Users:N0} users, {counts.Interactions:N0} interactions, "
            + $"{counts.HeldOut:N0} held out.");
        return counts.Interactions == 0
            ? Finding.Warning("data", found, "Import interactions; without them there is nothing to train on.")
            : Finding.Ok("data", found);
    }

    private static string Ended(ImportRun run) => run.Error is null ? "was cut off" : $"failed: {run.Error}";

    private static List<Finding> Generations(Home home, long? imported)
    {
        var store = new GenerationStore(home.GenerationsFolder);
        string? current = store.CurrentName;
        var findings = new List<Finding>();
        foreach (string name in store.Names())
        {
            findings.Add(Generation(store, name, name == current, imported));
        }

        if (current is null)
        {
            findings.Add(Finding.Warning("generation", "No generation is published.", "Run 'palate train'."));
        }
        else if (!store.Names().Contains(current))
        {
            findings.Add(Finding.Error(
                "generation",
                $"The current generation '{current}' is not there.",
                "Run 'palate train' for a new one."));
        }

        return findings;
    }

    private static Finding Generation(GenerationStore store, string name, bool isCurrent, long? imported)
    {
        try
        {
            GenerationManifest manifest = store.Verify(name);
            string found = string.Create(
                CultureInfo.InvariantCulture,
                $"{name}{(isCurrent ? " (current)" : "")} is whole: {manifest.Counts.Items:N0} items, "
                + $"{manifest.Counts.Users:N0} users, {manifest.Counts.Interactions:N0} interactions.");
            return isCurrent && imported > manifest.CreatedAt.ToUnixTimeSeconds()
                ? Finding.Warning(
                    "generation", $"{found} Data was imported after it was trained.", "Run 'palate train'.")
                : Finding.Ok("generation", found);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return isCurrent
                ? Finding.Error(
                    "generation", failure.Message, "Run 'palate rollback', or 'palate train' for a new one.")
                : Finding.Warning(
                    "generation", failure.Message, "It is not the current one; its folder can be deleted.");
        }
    }
}
