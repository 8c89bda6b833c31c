using System.Text;

namespace Palate;

/// <summary>What every ranker keeps to.</summary>
public abstract class RankerContract
{
    private static readonly RankingDataset Data = RankingWorld.Make(60, 70, 9, 21, Label, 0.15);

    private IRanker? _trained;

    protected abstract IRanker Train(RankingDataset data);

    /// <summary>How far the sum of contributions may be from the score.</summary>
    protected virtual float Tolerance => 1e-4f;

    [Fact]
    public void It_puts_relevant_candidates_higher_than_chance()
    {
        RankingDataset fresh = RankingWorld.Make(40, 70, 9, 22, Label, 0.15);
        double share = fresh.Labels.Average();

        Assert.True(RankingWorld.Ndcg(Trained(), fresh) > share + 0.1);
    }

    [Fact]
    public void Scores_are_finite_and_the_same_twice()
    {
        IRanker ranker = Trained();
        IRanker again = Train(Data);
        foreach (FeatureMatrix request in Requests())
        {
            float[] scores = RankingWorld.Scores(ranker, request);

            Assert.All(scores, score => Assert.True(float.IsFinite(score)));
            Assert.Equal(scores, RankingWorld.Scores(ranker, request));
            Assert.Equal(scores, RankingWorld.Scores(again, request));
        }
    }

    [Fact]
    public void Scores_are_finite_for_absurd_features()
    {
        var request = new FeatureMatrix(Data.Features, 5);
        float[] absurd = [float.NaN, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity];
        for (int feature = 0; feature < request.Features; feature++)
        {
            absurd.CopyTo(request[feature]);
        }

        Assert.All(RankingWorld.Scores(Trained(), request), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void Contributions_and_bias_add_up_to_the_score()
    {
        IRanker ranker = Trained();
        float[] contributions = new float[Data.Features];
        foreach (FeatureMatrix request in Requests())
        {
            float[] scores = RankingWorld.Scores(ranker, request);
            for (int candidate = 0; candidate < Math.Min(5, scores.Length); candidate++)
            {
                float bias = ranker.Explain(request, candidate, contributions);

                Assert.Equal(scores[candidate], bias + contributions.Sum(), Tolerance);
            }
        }
    }

    [Fact]
    public void A_saved_ranker_gives_the_same_scores()
    {
        IRanker ranker = Trained();
        IRanker loaded = RankerFile.Load(new BinaryReader(new MemoryStream(Saved(ranker))));

        Assert.Equal(ranker.Name, loaded.Name);
        foreach (FeatureMatrix request in Requests())
        {
            Assert.Equal(RankingWorld.Scores(ranker, request), RankingWorld.Scores(loaded, request));
        }
    }

    [Fact]
    [Trait("Category", Soak.Category)]
    public void A_damaged_file_is_invalid_data_wherever_the_damage_is()
    {
        byte[] bytes = Saved(Trained());
        var random = new SeededRandom(23);
        int trials = Soak.Count(4000);
        for (int trial = 0; trial < trials; trial++)
        {
            byte[] damaged = [.. bytes];
            int place = trial < 60 ? trial : random.Next(bytes.Length);
            damaged[place] ^= (byte)(1 + random.Next(255));
            Assert.Throws<InvalidDataException>(() => RankerFile.Load(new BinaryReader(new MemoryStream(damaged))));

            byte[] cut = bytes[..random.Next(bytes.Length)];
            Assert.Throws<InvalidDataException>(() => RankerFile.Load(new BinaryReader(new MemoryStream(cut))));
        }
    }

    [Fact]
    public void No_candidates_give_no_scores()
    {
        float[] untouched = [7];

        Trained().Score(new FeatureMatrix(Data.Features, 0), untouched);

        Assert.Equal([7f], untouched);
    }

    [Fact]
    public void One_candidate_gets_one_score_and_nothing_else_is_written()
    {
        var request = new FeatureMatrix(Data.Features, 1);
        float[] scores = [7, 7];

        Trained().Score(request, scores);

        Assert.True(float.IsFinite(scores[0]));
        Assert.Equal(7, scores[1]);
    }

    [Fact]
    public void The_padding_is_not_read()
    {
        IRanker ranker = Trained();
        var request = RankingWorld.Request(Data, 0);
        float[] scores = RankingWorld.Scores(ranker, request);
        for (int feature = 0; feature < request.Features; feature++)
        {
            request.Data.AsSpan(
                feature * request.Stride + request.Candidates, request.Stride - request.Candidates).Fill(float.NaN);
        }

        Assert.NotEqual(request.Stride, request.Candidates);
        Assert.Equal(scores, RankingWorld.Scores(ranker, request));
    }

    [Fact]
    public void Too_few_scores_or_other_features_are_refused()
    {
        IRanker ranker = Trained();

        Assert.ThrowsAny<ArgumentException>(() => ranker.Score(new FeatureMatrix(Data.Features, 3), new float[2]));
        Assert.ThrowsAny<ArgumentException>(() => ranker.Score(new FeatureMatrix(Data.Features + 1, 3), new float[3]));
    }

    private static float Label(float[] row, SeededRandom random) =>
        random.NextDouble() < (float.IsNaN(row[4]) ? 0.8 : row[0] * row[1]) ? 1 : 0;

    private IRanker Trained() => _trained ??= Train(Data);

    // Sizes around the widths of the kernels.
    private static IEnumerable<FeatureMatrix> Requests()
    {
        var random = new SeededRandom(24);
        foreach (int candidates in new[] { 1, 2, 16, 31, 32, 33, 64, 65, 100, 128, 200 })
        {
            var request = new FeatureMatrix(Data.Features, candidates);
            for (int feature = 0; feature < request.Features; feature++)
            {
                foreach (ref float value in request[feature])
                {
                    value = random.Next(8) == 0 ? float.NaN : (float)random.NextDouble();
                }
            }

            yield return request;
        }
    }

    private static byte[] Saved(IRanker ranker)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        RankerFile.Save(ranker, writer);
        return stream.ToArray();
    }
}

public sealed class LambdaRankContract : RankerContract
{
    protected override IRanker Train(RankingDataset data) => LambdaMart.Fit(
        data, LambdaMartTests.Options(RankingObjective.LambdaRank));
}

public sealed class LogisticContract : RankerContract
{
    protected override IRanker Train(RankingDataset data) => LambdaMart.Fit(
        data, LambdaMartTests.Options(RankingObjective.Logistic));
}

public sealed class LinearContract : RankerContract
{
    protected override IRanker Train(RankingDataset data) => Linear.Fit(data, new LinearOptions { Threads = 2 });
}

public sealed class AverageRankerContract : RankerContract
{
    // Division by a request's deviation magnifies the rounding of the scores.
    protected override float Tolerance => 1e-3f;

    protected override IRanker Train(RankingDataset data) => new AverageRanker(
        [
            LambdaMart.Fit(data, LambdaMartTests.Options(RankingObjective.LambdaRank)),
            Linear.Fit(data, new LinearOptions()),
        ],
        [2, 1]);
}
