using System.Diagnostics;
using System.Globalization;
using Palate;
using Palate.Storage;

/// <summary>How many interactions a second an import stores, and how much memory it takes.</summary>
/// <remarks>
/// Writes u.data of MovieLens 100K again and again, with other user ids each time, into a temporary folder, and imports
/// that into a home in the same place: parsing, sorting, the database and its disk flushes are all in the time.
/// </remarks>
internal static class ImportBenchmark
{
    /// <summary>Runs <c>import-throughput --data DIR [--rows N] [--temp DIR]</c>.</summary>
    public static int Run(string[] args)
    {
        string data = Option(args, "--data") ?? throw new ArgumentException("Say where ml-100k is: --data DIR");
        int rows = int.Parse(Option(args, "--rows") ?? "10000000", CultureInfo.InvariantCulture);
        string root = Option(args, "--temp") ?? Path.GetTempPath();
        string folder = Directory.CreateDirectory(Path.Combine(root, $"palate-import-{Environment.ProcessId}")).FullName;
        try
        {
            Write(data, folder, rows);
            Measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void Measure(string folder)
    {
        var reader = new MovieLens100K(folder);
        var watch = Stopwatch.StartNew();
        long read = reader.Interactions(new ImportReport()).LongCount();
        double reading = watch.Elapsed.TotalSeconds;
        Say($"read only      {read,12:N0} rows {reading,8:0.0} s {read / reading,12:N0} rows/s  peak {PeakMegabytes():0} MB");

        using SqliteStore store = Home.Open(Path.Combine(folder, "home")).OpenStore();
        foreach (string title in new[] { "import", "import again" })
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            watch.Restart();
            ImportResult result = store.Import(reader, progress: new Progress());
            double seconds = watch.Elapsed.TotalSeconds;
            double rate = result.Interactions / seconds;
            double work = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            long stored = result.Interactions;
            Say($"{title,-14} {stored,12:N0} rows {seconds,8:0.0} s {rate,12:N0} rows/s  peak {PeakMegabytes():0} MB");
            Say($"{"",-14} processor {work:0.0} s");
        }

        Say($"database       {new FileInfo(Path.Combine(folder, "home", "palate.db")).Length / 1e6:0} MB, {store.Counts()}");
        watch.Restart();
        Dataset loaded = store.Load();
        Say($"load           {loaded.Events.Count,12:N0} rows {watch.Elapsed.TotalSeconds,8:0.0} s  peak {PeakMegabytes():0} MB");
    }

    private static void Write(string data, string folder, int rows)
    {
        File.Copy(Path.Combine(data, "u.item"), Path.Combine(folder, "u.item"));
        (int User, string Tail)[] lines = [.. File.ReadLines(Path.Combine(data, "u.data")).Select(line =>
            (int.Parse(line.AsSpan(0, line.IndexOf('\t')), CultureInfo.InvariantCulture), line[line.IndexOf('\t')..]))];
        using var file = new StreamWriter(Path.Combine(folder, "u.data"));
        for (int row = 0; row < rows; row++)
        {
            (int user, string tail) = lines[row % lines.Length];
            file.Write(user + (row / lines.Length * 1000));
            file.WriteLine(tail);
        }
    }

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static string? Option(string[] args, string name)
    {
        int place = Array.IndexOf(args, name);
        return place >= 0 && place + 1 < args.Length ? args[place + 1] : null;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Progress : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => Console.Error.WriteLine(value);
    }
}
