using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Palate.Benchmarks;

/// <summary>The fuzz and property tests with their full counts, as a table: the tier above <c>dotnet test</c> and <c>.ci/run</c>.</summary>
internal static partial class SoakRun
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Runs <c>soak [--counts full|reduced] [--no-build]</c>.</summary>
    /// <returns>0 when tests ran and none failed.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string results = Directory.CreateTempSubdirectory("palate-soak-").FullName;
        try
        {
            string[] build = args.Contains("--no-build") ? ["--no-build"] : [];
            var start = new ProcessStartInfo(
                "dotnet",
                ["test", Root(), "-c", "Release", .. build, "--filter", "Category=Soak", "--logger", "trx", "--results-directory", results])
            {
                RedirectStandardOutput = true,
                Environment = { ["PALATE_SOAK"] = Arguments.Text(args, "--counts") ?? "full" },
            };
            using Process tests = Process.Start(start)!;
            while (await tests.StandardOutput.ReadLineAsync() is { } line)
            {
                await Console.Error.WriteLineAsync(line);
            }

            await tests.WaitForExitAsync();
            int failed = Print(Directory.EnumerateFiles(results, "*.trx").SelectMany(Read));
            return tests.ExitCode != 0 || failed != 0 ? 1 : 0;
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    /// <summary>The results of a test run's file: name without parameters, cases, whether it passed, how long it took.</summary>
    internal static IEnumerable<SoakResult> Read(string file) => XDocument.Load(file).Descendants(Trx + "UnitTestResult").Select(result =>
        new SoakResult(
            result.Attribute("testName")!.Value.Split('(')[0].Replace("Palate.", "", StringComparison.Ordinal),
            Cases().Matches(result.Value).Sum(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)),
            result.Attribute("outcome")!.Value == "Failed",
            TimeSpan.Parse(result.Attribute("duration")?.Value ?? "0", CultureInfo.InvariantCulture).TotalSeconds));

    /// <summary>Writes the table; returns how many failed, or -1 where nothing ran, which proves nothing.</summary>
    internal static int Print(IEnumerable<SoakResult> results)
    {
        Console.WriteLine("| test | cases | failed | s |");
        Console.WriteLine("| --- | --- | --- | --- |");
        SoakResult[] all = [.. results];
        foreach (IGrouping<string, SoakResult> test in all.GroupBy(result => result.Name).OrderBy(test => test.Key, StringComparer.Ordinal))
        {
            Row(test.Key, [.. test]);
        }

        Row("all", all);
        return all.Length == 0 ? -1 : all.Count(result => result.IsFailed);
    }

    private static void Row(string name, SoakResult[] results) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {results.Sum(result => result.Cases):N0} | {results.Count(result => result.IsFailed)} | {results.Sum(result => result.Seconds):0.0} |"));

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Palate.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Palate.slnx: the tests are not here.");
    }

    [GeneratedRegex(@"soak cases: (\d+)")]
    private static partial Regex Cases();

    /// <summary>What one test said.</summary>
    internal sealed record SoakResult(string Name, long Cases, bool IsFailed, double Seconds);
}
