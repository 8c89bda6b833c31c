namespace Palate.Tests;

public sealed class CellScanTests
{
    [Theory]
    [InlineData(1, 3, 1, 4)]
    [InlineData(500, 8, 7, 10)]
    [InlineData(2500, 24, 20, 30)]
    [InlineData(1200, 5, 60, 1200)]
    public void Skipping_cells_loses_nothing(int rows, int width, int clusters, int keep)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            var random = new SeededRandom(seed);
            ItemVectors vectors = seed switch
            {
                0 => VectorScanTests.WholeNumbers(rows, width, seed).Vectors,
                1 => new ItemVectors(width, VectorScanTests.Normal(random, rows * width)),
                _ => Clustered(rows, width, random),
            };
            float[] query = VectorScanTests.Normal(random, width);
            var filter = new ItemFilter(rows);
            for (int item = 0; item < rows; item++)
            {
                if (seed > 3 && random.Next(20) < 4 * ((int)seed - 3))
                {
                    filter.Block(item);
                }
            }

            var expected = new ScoredItem[keep];
            int count = VectorScan.Select(query, vectors, filter, expected);
            KMeans cells = KMeans.Fit(vectors, new KMeansOptions { Clusters = clusters, MaxRounds = 3 });
            var found = new ScoredItem[keep];
            Assert.Equal(count, new CellScan(vectors, cells).Select(query, filter, found));
            Assert.Equal(expected[..count], found[..count]);
        }
    }

    [Fact]
    public void Most_rows_are_skipped_when_they_cluster_well()
    {
        var random = new SeededRandom(1);
        ItemVectors vectors = Clustered(8_000, 16, random);
        KMeans cells = KMeans.Fit(vectors, new KMeansOptions { Clusters = 40, MaxRounds = 5 });
        var scan = new CellScan(vectors, cells);
        scan.Select(
            vectors[123].ToArray(), new ItemFilter(8_000), new ScoredItem[10], int.MaxValue, out int visited);
        Assert.InRange(visited, 32, 2000);
        var found = new ScoredItem[10];
        Assert.InRange(
            scan.Select(vectors[123].ToArray(), new ItemFilter(8_000), found, 1, out int limited), 1, 10);
        Assert.InRange(limited, 32, 2000);
    }

    [Fact]
    public void Empty_catalogs_and_empty_cells_are_no_trouble()
    {
        var none = new ItemVectors(4, []);
        Assert.Equal(0, new CellScan(none, KMeans.Fit(none)).Select(new float[4], new ItemFilter(0), new ScoredItem[3]));
        var same = new ItemVectors(2, new float[2 * 100]);
        var found = new ScoredItem[3];
        Assert.Equal(3, new CellScan(same, KMeans.Fit(same)).Select([1, 1], new ItemFilter(100), found));
        Assert.Equal([0, 1, 2], found.Select(item => item.Item));
    }

    private static ItemVectors Clustered(int rows, int width, SeededRandom random)
    {
        float[] centres = VectorScanTests.Normal(random, 30 * width);
        float[] data = VectorScanTests.Normal(random, rows * width);
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = centres[i / width % 30 * width + i % width] + 0.2f * data[i];
        }

        return new ItemVectors(width, data);
    }
}
