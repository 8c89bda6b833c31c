using System.Globalization;

namespace Palate.Benchmarks;

/// <summary>Reads the public data that the benchmarks run on.</summary>
internal static class ImplicitData
{
    /// <summary>The training pairs of MovieLens 1M: one user a line, the user's index and then item indices.</summary>
    public static InteractionMatrix ReadMovieLens1M()
    {
        string folder = Environment.GetEnvironmentVariable("PALATE_DATA")
            ?? throw new InvalidOperationException("Set PALATE_DATA to the folder that holds the data sets.");
        var users = new List<int>();
        var items = new List<int>();
        foreach (string line in File.ReadLines(Path.Combine(folder, "ml-1m", "implicit", "train.txt")))
        {
            string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string item in cells.Skip(1))
            {
                users.Add(int.Parse(cells[0], CultureInfo.InvariantCulture));
                items.Add(int.Parse(item, CultureInfo.InvariantCulture));
            }
        }

        float[] ones = [.. users.Select(_ => 1f)];
        return InteractionMatrix.Build(
            users.Max() + 1, items.Max() + 1, [.. users], [.. items], ones, new long[ones.Length]);
    }
}
