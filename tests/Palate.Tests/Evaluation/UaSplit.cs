using System.Globalization;

namespace Palate.Tests;

/// <summary>The official split <c>ua</c> of MovieLens 100K, which the evaluation is checked against.</summary>
internal static class UaSplit
{
    public static Split Ua()
    {
        string folder = TestData.Folder("ml-100k");
        return Split.Given(Read(Path.Combine(folder, "ua.base")), Read(Path.Combine(folder, "ua.test")), "ml-100k ua");
    }

    private static InteractionMatrix Read(string path)
    {
        long[][] rows =
        [
            .. File.ReadLines(path).Select(line =>
                line.Split('\t').Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray()),
        ];
        return InteractionMatrix.Build(
            943,
            1682,
            rows.Select(row => (int)row[0] - 1).ToArray(),
            rows.Select(row => (int)row[1] - 1).ToArray(),
            rows.Select(row => (float)row[2]).ToArray(),
            rows.Select(row => row[3]).ToArray());
    }
}
