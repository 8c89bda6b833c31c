namespace Palate.Tests;

public sealed class KMeansTests
{
    [Fact]
    public void Planted_clusters_are_found()
    {
        ItemVectors vectors = Planted(rows: 3000, clusters: 12, dimensions: 16, noise: 0.3, seed: 3);
        KMeans found = KMeans.Fit(vectors, new KMeansOptions { Clusters = 12, Seed = 8 });
        int agreeing = 0;
        foreach (var group in Enumerable.Range(0, 3000).GroupBy(row => row % 12))
        {
            agreeing += group.GroupBy(row => found.Clusters[row]).Max(own => own.Count());
        }

        // Lloyd's iteration may join two of the planted clusters, not more, with this seed.
        Assert.True(agreeing >= 2700, $"{agreeing} of 3000 rows are with their planted cluster.");
        Assert.Equal(found.Clusters[5], found.Nearest(vectors[5]));
    }

    [Fact]
    public void The_result_depends_on_the_seed_only()
    {
        ItemVectors vectors = Planted(2500, 5, 7, noise: 2, seed: 4);
        KMeans left = KMeans.Fit(vectors, new KMeansOptions { Clusters = 9 });
        KMeans right = KMeans.Fit(vectors, new KMeansOptions { Clusters = 9 });
        Assert.Equal(left.Centres, right.Centres);
        Assert.Equal(left.Clusters, right.Clusters);
        KMeans other = KMeans.Fit(vectors, new KMeansOptions { Clusters = 9, Seed = 1 });
        Assert.NotEqual(left.Centres, other.Centres);
    }

    [Fact]
    public void Every_row_is_with_its_nearest_centre_and_more_clusters_fit_better()
    {
        ItemVectors vectors = Planted(500, 4, 5, noise: 1, seed: 9);
        double before = double.PositiveInfinity;
        for (int clusters = 1; clusters <= 16; clusters *= 2)
        {
            KMeans found = KMeans.Fit(vectors, new KMeansOptions { Clusters = clusters, MaxRounds = 100 });
            for (int row = 0; row < 500; row++)
            {
                double own = Square(vectors[row], found.Centres.AsSpan(found.Clusters[row] * 5, 5));
                for (int centre = 0; centre < clusters; centre++)
                {
                    Assert.True(own <= Square(vectors[row], found.Centres.AsSpan(centre * 5, 5)) + 1e-4);
                }
            }

            Assert.True(found.Inertia < before);
            before = found.Inertia;
        }
    }

    [Fact]
    public void Fewer_different_rows_than_clusters_give_fewer_clusters()
    {
        var vectors = new ItemVectors(2, [1, 1, 1, 1, 5, 5]);
        KMeans found = KMeans.Fit(vectors, new KMeansOptions { Clusters = 7 });
        Assert.Equal(2, found.Count);
        Assert.Equal(found.Clusters[0], found.Clusters[1]);
        Assert.Equal(0, found.Inertia, 6);
        Assert.Equal(0, KMeans.Fit(new ItemVectors(2, [])).Count);
    }

    [Fact]
    public void Rows_beyond_the_sample_are_assigned_too()
    {
        ItemVectors vectors = Planted(3000, 6, 8, noise: 0.2, seed: 5);
        KMeans found = KMeans.Fit(vectors, new KMeansOptions { Clusters = 6, MaxRows = 500 });
        for (int row = 0; row < 3000; row += 50)
        {
            Assert.Equal(found.Nearest(vectors[row]), found.Clusters[row]);
        }
    }

    [Fact]
    public void What_was_saved_is_loaded_and_a_damaged_file_is_refused()
    {
        KMeans found = KMeans.Fit(Planted(60, 3, 4, noise: 1, seed: 2), new KMeansOptions { Clusters = 3 });
        byte[] bytes = Files.Save(found.Save);
        KMeans loaded = Files.Load(bytes, KMeans.Load);
        Assert.Equal(found.Centres, loaded.Centres);
        Assert.Equal(found.Clusters, loaded.Clusters);
        Assert.Throws<InvalidDataException>(() => Files.Load(bytes[..^5], KMeans.Load));
        bytes[^1] = 0x7F;
        Assert.Throws<InvalidDataException>(() => Files.Load(bytes, KMeans.Load));
    }

    private static ItemVectors Planted(int rows, int clusters, int dimensions, double noise, ulong seed)
    {
        var random = new SeededRandom(seed);
        double[] centres = new double[clusters * dimensions];
        for (int i = 0; i < centres.Length; i++)
        {
            centres[i] = 4 * random.NextNormal();
        }

        float[] data = new float[rows * dimensions];
        for (int i = 0; i < data.Length; i++)
        {
            int centre = i / dimensions % clusters;
            data[i] = (float)(centres[centre * dimensions + i % dimensions] + noise * random.NextNormal());
        }

        return new ItemVectors(dimensions, data);
    }

    private static double Square(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++)
        {
            sum += ((double)a[d] - b[d]) * (a[d] - b[d]);
        }

        return sum;
    }
}
