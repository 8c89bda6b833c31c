namespace Palate.Tests;

/// <summary>Known numbers on public data: a model that is off by more than noise here is broken.</summary>
public sealed class MovieLensCanaryTests
{
    [Fact]
    public void Popularity_has_exactly_the_known_numbers()
    {
        FullRanking split = FullRanking.OfMovieLens100K();
        (double ndcg, double recall) = split.Measure(Popularity.Fit(split.Train), 10);
        Assert.Equal(0.1331, ndcg, 4);
        Assert.Equal(0.1215, recall, 4);
    }

    [Fact]
    public void Ease_reaches_the_published_quality()
    {
        FullRanking split = FullRanking.OfMovieLens100K();
        (double ndcg, double recall) = split.Measure(
            Ease.Fit(split.Train, new EaseOptions { Regularization = 700 }), 10);
        Assert.Equal(0.3158, ndcg, 0.0005);
        Assert.Equal(0.2694, recall, 0.0005);
    }

    [Fact]
    public void Als_reaches_the_tuned_quality()
    {
        FullRanking split = FullRanking.OfMovieLens100K();
        // The reference has confidence 2 on an observed cell: 1 + alpha.
        var options = new AlsOptions { Factors = 64, Regularization = 20, Alpha = 1, Iterations = 15 };
        var als = Als.Fit(split.Train, options);
        Assert.InRange(split.Measure(als, 10).Ndcg, 0.316, 0.323);
        Assert.InRange(split.Measure(als, 100).Recall, 0.735, 0.745);
    }

    [Fact]
    public void Edlae_reaches_the_published_quality()
    {
        FullRanking split = FullRanking.OfMovieLens100K();
        Ease edlae = Ease.Fit(split.Train, new EaseOptions { Regularization = 300, Dropout = 0.66f });
        Assert.Equal(0.3183, split.Measure(edlae, 10).Ndcg, 0.0005);
        Assert.Equal(0.7314, split.Measure(edlae, 100).Recall, 0.0005);
    }

    [Fact]
    public void Slim_reaches_the_tuned_quality()
    {
        FullRanking split = FullRanking.OfMovieLens100K();
        (double ndcg, double recall) = split.Measure(Slim.Fit(split.Train, new SlimOptions()), 10);
        Assert.InRange(ndcg, 0.317, 0.322);
        Assert.InRange(recall, 0.270, 0.276);
    }

    [Fact]
    public void The_neighbourhood_sources_reach_the_tuned_quality()
    {
        FullRanking split = FullRanking.OfMovieLens100K();
        AssertNdcg(ItemNeighbours.Fit(split.Train, new ItemNeighboursOptions()), 0.275, 0.279);
        AssertNdcg(UserNeighbours.Fit(split.Train, new UserNeighboursOptions()), 0.270, 0.273);
        AssertNdcg(RandomWalk.Fit(split.Train, new RandomWalkOptions()), 0.283, 0.285);

        void AssertNdcg(ICandidateSource source, double low, double high) =>
            Assert.InRange(split.Measure(source, 10).Ndcg, low, high);
    }

    [Fact]
    public void On_the_larger_set_ease_and_als_reach_the_tuned_quality()
    {
        FullRanking split = FullRanking.OfMovieLens1M();
        (double ndcg, double recall) = split.Measure(
            Ease.Fit(split.Train, new EaseOptions { Regularization = 600 }), 20);
        Assert.Equal(0.4122, ndcg, 0.0005);
        Assert.Equal(0.2756, recall, 0.0005);

        // Chosen on a fifth of the training pairs: frequency-scaled regularization suits this set better.
        var options = new AlsOptions
        {
            Regularization = 0.01f,
            RegularizationKind = AlsRegularization.FrequencyScaled,
            UnobservedWeight = 0.4f,
        };
        (ndcg, recall) = split.Measure(Als.Fit(split.Train, options), 20);
        Assert.InRange(ndcg, 0.407, 0.413);
        Assert.InRange(recall, 0.273, 0.279);
    }
}
