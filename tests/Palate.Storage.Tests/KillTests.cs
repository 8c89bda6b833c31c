using System.Diagnostics;
using System.Globalization;

namespace Palate.Storage.Tests;

public sealed class KillTests
{
    [Fact]
    [Trait("Category", Soak.Category)]
    public void A_killed_import_keeps_every_acknowledged_row_and_is_completed_by_doing_it_again()
    {
        using var home = new TemporaryHome();
        home.Store.Dispose();
        var random = new Random(20);
        int kills = 0;
        int imports = Soak.Count(120);
        for (int import = 0; import < imports; import++)
        {
            // Early, midway and late in turn.
            int after = (import % 3) switch { 0 => 1 + random.Next(4), 1 => 5 + random.Next(10), _ => 16 + random.Next(15) };
            int acknowledged = ImportAndKill(home.Home.Path, after, out bool wasKilled);
            kills += wasKilled ? 1 : 0;

            using SqliteStore store = home.Home.OpenStore();
            Assert.Empty(store.CheckIntegrity());
            Dataset stored = store.Load();
            HashSet<(string, string, long, float)> rows = RowsOf(stored);
            Assert.True(acknowledged > 0);
            Assert.DoesNotContain(
                Enumerable.Range(0, acknowledged).Select(KillTarget.Row),
                row => !rows.Contains((row.UserId, row.ItemId, row.Time, row.Value)));
            Assert.Equal("Item 7", stored.Catalog.Items[7].Title);
        }

        Assert.True(kills >= imports * 2 / 3, $"Only {kills} of the {imports} imports were still running when they were killed.");
        Assert.Equal(imports - kills, home.Store.Imports().Count(run => run.FinishedAt is not null));
        KillTarget.Import(home.Store, _ => { });
        Assert.Empty(home.Store.CheckIntegrity());
        Assert.Equal(Dataset.Load(KillTarget.Reader()).Hash, home.Store.Load().Hash);
        Assert.Equal(900, home.Store.Load().HeldOut("last").Count);
    }

    // Kills the process as soon as it has acknowledged so many batches, which leaves it somewhere in the next.
    private static int ImportAndKill(string home, int batches, out bool wasKilled)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(KillTarget).Assembly.Location, "import", home])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        int acknowledged = 0;
        int seen = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("interactions ", StringComparison.Ordinal))
            {
                acknowledged = int.Parse(line.AsSpan("interactions ".Length), CultureInfo.InvariantCulture);
                if (++seen == batches)
                {
                    process.Kill();
                }
            }
        }

        process.WaitForExit();
        wasKilled = process.ExitCode != 0;
        return acknowledged;
    }

    private static HashSet<(string User, string Item, long Time, float Value)> RowsOf(Dataset data)
    {
        InteractionColumns events = data.Events;
        return [.. Enumerable.Range(0, events.Count).Select(place => (
            data.UserIds[events.Users[place]],
            data.Catalog.Ids[events.Items[place]],
            events.Times[place],
            events.Values[place]))];
    }
}
