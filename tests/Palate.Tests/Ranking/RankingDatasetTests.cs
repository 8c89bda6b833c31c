namespace Palate;

public sealed class RankingDatasetTests
{
    [Fact]
    public void A_label_that_is_not_a_number_is_an_error_that_names_the_row()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new RankingDataset(["a"], [1, 2, 3], [0, 1, float.NaN], [0, 3]));

        Assert.Contains("label of row 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_infinite_feature_is_an_error_that_names_feature_and_row()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new RankingDataset(["a", "b"], [1, 2, 3, float.PositiveInfinity], [0, 1], [0, 2]));

        Assert.Contains("'b' of row 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_without_rows_or_features_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => new RankingDataset(["a"], [], [], [0]));
        Assert.Throws<ArgumentException>(() => new RankingDataset([], [], [1], [0, 1]));
        Assert.Throws<ArgumentException>(() => new RankingDatasetBuilder(["a"]).Build());
    }

    [Theory]
    [InlineData(0, 1, 1, 3)]
    [InlineData(0, 2, 1, 3)]
    [InlineData(1, 2, 3, 3)]
    [InlineData(0, 1, 2, 2)]
    public void Groups_must_cover_all_rows_and_none_may_be_empty(params int[] offsets) =>
        Assert.Throws<ArgumentException>(() => new RankingDataset(["a"], [1, 2, 3], [0, 1, 0], offsets));

    [Fact]
    public void Names_must_be_unique() =>
        Assert.Throws<ArgumentException>(() => new RankingDataset(["a", "a"], [1, 2], [1], [0, 1]));

    [Fact]
    public void Requests_are_appended_column_by_column()
    {
        var builder = new RankingDatasetBuilder(["a", "b"]);
        var first = new FeatureMatrix(2, 2);
        first[0][0] = 1;
        first[0][1] = 2;
        first[1][0] = 3;
        first[1][1] = 4;
        var second = new FeatureMatrix(2, 1);
        second[0][0] = 5;
        second[1][0] = 6;
        builder.Add(first, [0, 1]);
        builder.Add(new FeatureMatrix(2, 0), []);
        builder.Add(second, [1], weight: 2);

        RankingDataset data = builder.Build();

        Assert.Equal([1, 2, 5, 3, 4, 6], data.Values);
        Assert.Equal([0, 2, 3], data.Offsets);
        Assert.Equal([0, 1, 1], data.Labels);
        Assert.Equal([1, 1, 2], data.Weights!);
    }

    [Fact]
    public void Bins_hold_about_equally_many_rows_and_big_values_get_one_each()
    {
        var random = new SeededRandom(1);
        int rows = 20_000;
        float[] values = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            values[row] = row % 4 == 0 ? 0 : (float)random.NextNormal();
        }

        var data = new RankingDataset(["a"], values, new float[rows], [0, rows]);
        var bins = FeatureBins.Of(data, 33, 1, new ParallelOptions());
        ReadOnlySpan<float> cuts = bins.Cuts(0);
        Assert.InRange(bins.Count(0), 30, 33);
        int[] counts = new int[cuts.Length + 1];
        int zeroBin = -1;
        foreach (float value in values)
        {
            int bin = 0;
            while (bin < cuts.Length && value > cuts[bin])
            {
                bin++;
            }

            counts[bin]++;
            zeroBin = value == 0 ? bin : zeroBin;
        }

        Assert.Equal(rows / 4, counts[zeroBin]);
        double fair = 0.75 * rows / 31;
        Assert.All(counts.Where((_, bin) => bin != zeroBin), count => Assert.InRange(count, 0, 1.7 * fair));
    }

    [Fact]
    public void The_threshold_search_agrees_with_counting()
    {
        var random = new SeededRandom(2);
        foreach (int count in new[] { 0, 1, 2, 3, 15, 16, 17, 31, 32, 63, 64, 100, 127, 128, 253, 254 })
        {
            float[] thresholds = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal()).Order()];
            float[] values = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextNormal()), .. thresholds,
                float.NaN, float.MinValue, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity];
            const int Stride = 3;
            byte[] found = new byte[values.Length];
            byte[] dealt = new byte[Stride * values.Length];
            byte[] twin = new byte[values.Length];
            var search = new ThresholdSearch(thresholds);
            unsafe
            {
                fixed (byte* destination = found, sparse = dealt, scalar = twin)
                {
                    search.Count(values, destination, 1);
                    search.Count(values, sparse, Stride);
                    search.CountScalar(values, scalar, 1);
                }
            }

            byte[] expected = [.. values.Select(value => (byte)thresholds.Count(threshold => value > threshold))];
            Assert.Equal(expected, found);
            Assert.Equal(expected, twin);
            Assert.Equal(expected, dealt.Where((_, place) => place % Stride == 0));
            Assert.All(dealt.Where((_, place) => place % Stride != 0), untouched => Assert.Equal(0, untouched));
        }
    }
}
