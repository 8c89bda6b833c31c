namespace Palate;

public sealed class AverageRankerTests
{
    [Fact]
    public void Scores_are_the_weighted_means_of_standard_scores()
    {
        var average = new AverageRanker([new Column(0), new Column(1)], [3, 1]);
        var request = new FeatureMatrix(2, 2);
        request[0][0] = 100;
        request[0][1] = 300;
        request[1][0] = 5;
        request[1][1] = 1;

        Assert.Equal([-0.5f, 0.5f], RankingWorld.Scores(average, request));
    }

    [Fact]
    public void A_ranker_that_gives_one_score_to_all_has_no_say()
    {
        var average = new AverageRanker([new Column(0), new Column(1)]);
        var request = new FeatureMatrix(2, 2);
        request[0].Fill(0.1f);
        request[1][1] = 1;

        Assert.Equal([-0.5f, 0.5f], RankingWorld.Scores(average, request));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        IRanker[] rankers = [new Column(0), new Column(1)];

        Assert.Throws<ArgumentException>(() => new AverageRanker([]));
        Assert.Throws<ArgumentException>(() => new AverageRanker(rankers, [1]));
        Assert.Throws<ArgumentException>(() => new AverageRanker(rankers, [1, -1]));
        Assert.Throws<ArgumentException>(() => new AverageRanker(rankers, [0, 0]));
        Assert.Throws<ArgumentException>(() => new AverageRanker(rankers, [1, float.NaN]));
    }

    [Fact]
    public void A_ranker_of_a_foreign_type_is_not_saved_silently()
    {
        using var writer = new BinaryWriter(new MemoryStream());

        Assert.Throws<NotSupportedException>(() => new AverageRanker([new Column(0)]).Save(writer));
    }

    private sealed class Column(int feature) : IRanker
    {
        public string Name => "column";

        public void Score(FeatureMatrix features, Span<float> scores) => features[feature].CopyTo(scores);

        public float Explain(FeatureMatrix features, int candidate, Span<float> contributions)
        {
            contributions.Clear();
            contributions[feature] = features[feature][candidate];
            return 0;
        }
    }
}
