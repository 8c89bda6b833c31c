using System.Globalization;
using Xunit.Runner.InProc.SystemConsole;

namespace Palate.Storage.Tests;

/// <summary>The process that <see cref="KillTests"/> starts and kills: it imports, and prints each acknowledged batch.</summary>
internal static class KillTarget
{
    public const int Rows = 120_000;
    private const int BatchRows = 3000;

    /// <summary>The same rows in every process.</summary>
    public static ListReader Reader() => new()
    {
        AllItems = [.. Enumerable.Range(0, 500).Select(n => new Item(Id('i', n)) { Title = $"Item {n}", Text = new string('x', 200) })],
        AllInteractions = Enumerable.Range(0, Rows).Select(Row),
        AllHeldOut = { ["last"] = [.. Enumerable.Range(0, 900).Select(n => Row(n) with { Time = 999_999 })] },
    };

    public static Interaction Row(int number) => new(
        Id('u', number * 7919 % 3001), Id('i', number * 104_729 % 1009), number % 5 == 0 ? "buy" : "view", number % 4, number);

    public static void Import(SqliteStore store, Action<ImportProgress> told) =>
        store.Import(Reader(), new ImportOptions { BatchRows = BatchRows }, new Listener(told));

    /// <summary><c>import HOME</c> imports into that home; anything else is for the runner of the tests.</summary>
    private static int Main(string[] args)
    {
        if (args is not ["import", string home])
        {
            return ConsoleRunner.Run(args).GetAwaiter().GetResult();
        }

        using SqliteStore store = Home.Open(home).OpenStore();
        Import(store, progress =>
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{progress.Stage} {progress.Rows}"));
            Console.Out.Flush();
        });
        return 0;
    }

    private static string Id(char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private sealed class Listener(Action<ImportProgress> told) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => told(value);
    }
}
