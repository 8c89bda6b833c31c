namespace Palate;

public sealed class LinearTests
{
    [Fact]
    public void It_finds_the_weights_that_made_the_labels()
    {
        // The features are uniform in 0..1: their deviation is 1 / sqrt(12).
        RankingDataset data = RankingWorld.Make(1000, 20, 3, 41, (row, random) =>
            random.NextDouble() < 1 / (1 + Math.Exp(-(4 * row[0] - 2 * row[1] - 1))) ? 1 : 0);

        Linear model = Linear.Fit(data, new LinearOptions());

        Assert.Equal(4 / Math.Sqrt(12), model.Weights[0], 0.1);
        Assert.Equal(-2 / Math.Sqrt(12), model.Weights[1], 0.1);
        Assert.Equal(0, model.Weights[2], 0.1);
    }

    [Fact]
    public void Data_that_a_line_separates_give_finite_weights()
    {
        RankingDataset data = RankingWorld.Make(20, 20, 2, 42, (row, _) => row[0] > 0.5f ? 1 : 0);

        Linear model = Linear.Fit(data, new LinearOptions { L2 = 1e-3f });

        Assert.All(model.Weights, weight => Assert.True(float.IsFinite(weight)));
        Assert.True(RankingWorld.Ndcg(model, data) > 0.999);
    }

    [Fact]
    public void Constants_and_unknowns_weigh_nothing()
    {
        RankingDataset data = RankingWorld.Make(20, 20, 3, 43, (row, _) => row[0] > 0.5f ? 1 : 0);
        data.Values.AsSpan(data.Rows, data.Rows).Fill(1e6f);
        data.Values.AsSpan(2 * data.Rows, data.Rows).Fill(float.NaN);

        Linear model = Linear.Fit(data, new LinearOptions());
        FeatureMatrix request = RankingWorld.Request(data, 0);
        float[] scores = RankingWorld.Scores(model, request);
        request[1].Fill(-1);
        request[2].Fill(5);

        Assert.Equal(scores, RankingWorld.Scores(model, request));
    }

    [Fact]
    public void It_does_not_depend_on_threads()
    {
        RankingDataset data = RankingWorld.Make(
            1000, 20, 3, 44, (row, random) => random.NextDouble() < row[0] ? 1 : 0);

        Assert.Equal(
            Linear.Fit(data, new LinearOptions { Threads = 1 }).Weights,
            Linear.Fit(data, new LinearOptions { Threads = 4 }).Weights);
    }

    [Fact]
    public void Labels_of_one_class_give_equal_finite_scores()
    {
        RankingDataset data = RankingWorld.Make(5, 20, 3, 45, (_, _) => 1);

        float[] scores = RankingWorld.Scores(Linear.Fit(data, new LinearOptions()), RankingWorld.Request(data, 0));

        Assert.All(scores, score => Assert.Equal(scores[0], score, 1e-2f));
        Assert.True(scores[0] > 0 && float.IsFinite(scores[0]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(101)]
    public void Both_scoring_paths_give_the_same_bits(int candidates)
    {
        var random = new SeededRandom(46);
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0];
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        var model = new Linear(["a", "b", "c"], Draw(3), Draw(3), Draw(3), 0.25f);
        var features = new FeatureMatrix(3, candidates);
        for (int feature = 0; feature < 3; feature++)
        {
            Draw(candidates).CopyTo(features[feature]);
            foreach (float value in odd)
            {
                features[feature][random.Next(candidates)] = value;
            }
        }

        float[] vectors = new float[candidates];
        float[] scalar = new float[candidates];
        int end = model.ScoreVectors(features, vectors);
        model.ScoreScalar(features, scalar, 0);

        Assert.Equal(candidates / 8 * 8, end);
        Assert.Equal(scalar[..end], vectors[..end]);
        Assert.Equal(scalar, RankingWorld.Scores(model, features));
    }
}
