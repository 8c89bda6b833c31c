namespace Palate;

public sealed class LambdaMartTests
{
    public static TheoryData<RankingObjective> Kinds() => [RankingObjective.LambdaRank, RankingObjective.Logistic];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_that_one_feature_makes_relevant_come_first(RankingObjective objective)
    {
        RankingDataset data = RankingWorld.Make(60, 20, 5, 1, (row, _) => row[3] > 0.8f ? 1 : 0);

        LambdaMart model = LambdaMart.Fit(data, Options(objective));

        Assert.True(RankingWorld.Ndcg(model, data) > 0.999);
        Assert.Equal("f3", model.Importance[0].Feature);
        Assert.True(model.Importance[0].Gain > 0.95 * model.Importance.Sum(importance => importance.Gain));
        Assert.True(model.Importance[0].Splits > 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_exclusive_or_needs_two_levels(RankingObjective objective)
    {
        // A little more weight on one side lets a greedy tree find its first split.
        RankingDataset data = RankingWorld.Make(
            100, 20, 4, 2, (row, _) => row[0] > 0.5f != row[2] > 0.5f && row[1] < 0.9f ? 1 : 0);
        LambdaMartOptions flat = Options(objective);
        flat.Tree.MaxDepth = 1;
        LambdaMartOptions deep = Options(objective);
        deep.Tree.MaxDepth = 3;

        double shallow = RankingWorld.Ndcg(LambdaMart.Fit(data, flat), data);
        double full = RankingWorld.Ndcg(LambdaMart.Fit(data, deep), data);

        Assert.True(full > 0.99, $"depth 3: {full}");
        Assert.True(shallow < 0.9, $"depth 1: {shallow}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_monotone_transform_of_a_feature_does_not_change_the_order(
        RankingObjective objective)
    {
        RankingDataset data = RankingWorld.Make(
            50, 20, 3, 3, (row, random) => random.NextDouble() < row[0] * row[1] ? 1 : 0);
        float[] transformed = [.. data.Values];
        foreach (ref float value in transformed.AsSpan(0, data.Rows))
        {
            value = MathF.Exp(8 * value);
        }

        var other = new RankingDataset(data.FeatureNames, transformed, data.Labels, data.Offsets);
        LambdaMart model = LambdaMart.Fit(data, Options(objective));
        LambdaMart otherModel = LambdaMart.Fit(other, Options(objective));

        for (int group = 0; group < data.Groups; group++)
        {
            Assert.Equal(
                RankingWorld.Scores(model, RankingWorld.Request(data, group)),
                RankingWorld.Scores(otherModel, RankingWorld.Request(other, group)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_model_does_not_depend_on_threads_or_runs(RankingObjective objective)
    {
        RankingDataset data = RankingWorld.Make(
            400, 25, 12, 4, (row, random) => random.NextDouble() < row[0] * row[7] ? 2 : 0, missing: 0.1);
        LambdaMartOptions options = Options(objective);
        options.Trees = 10;
        options.Tree.RowShare = 0.8f;
        options.Tree.FeatureShare = 0.5f;
        byte[] Model(int threads)
        {
            options.Threads = threads;
            return Bytes(LambdaMart.Fit(data, options));
        }

        byte[] one = Model(1);
        Assert.Equal(one, Model(2));
        Assert.Equal(one, Model(5));
        Assert.Equal(one, Model(1));
        options.Seed = 2;
        Assert.NotEqual(one, Model(1));
    }

    [Fact]
    public void Training_stops_when_the_validation_set_has_seen_no_better_tree_for_a_while()
    {
        RankingDataset training = RankingWorld.Make(40, 20, 4, 5, (row, _) => row[1] > 0.7f ? 1 : 0);
        RankingDataset validation = RankingWorld.Make(40, 20, 4, 6, (row, _) => row[1] > 0.7f ? 1 : 0);
        LambdaMartOptions options = Options(RankingObjective.LambdaRank);
        options.Trees = 500;
        options.Patience = 5;

        LambdaMart model = LambdaMart.Fit(training, options, validation);

        Assert.InRange(model.Trees, 1, 100);
        Assert.True(model.ValidationNdcg > 0.99);
        Assert.Equal(model.ValidationNdcg, RankingWorld.Ndcg(model, validation), 6);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_feature_that_is_only_sometimes_known_is_used_when_it_is(RankingObjective objective)
    {
        // Unknown is as good as large: only a split with its own direction for unknown values separates the labels.
        RankingDataset data = RankingWorld.Make(
            80, 20, 3, 7, (row, _) => float.IsNaN(row[2]) || row[2] > 0.7f ? 1 : 0, missing: 0.2);
        LambdaMartOptions options = Options(objective);
        options.Tree.MaxDepth = 1;

        Assert.True(RankingWorld.Ndcg(LambdaMart.Fit(data, options), data) > 0.999);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Being_unknown_can_be_all_that_matters(RankingObjective objective)
    {
        RankingDataset data = RankingWorld.Make(
            80, 20, 3, 8, (row, _) => float.IsNaN(row[2]) ? 1 : 0, missing: 0.2);

        Assert.True(RankingWorld.Ndcg(LambdaMart.Fit(data, Options(objective)), data) > 0.999);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Useless_columns_and_groups_do_no_harm(RankingObjective objective)
    {
        // Feature 0 is constant, feature 1 always unknown, and every other group has no positive row.
        RankingDataset made = RankingWorld.Make(40, 20, 3, 9, (row, _) => row[2] > 0.6f ? 1 : 0);
        made.Values.AsSpan(0, made.Rows).Fill(3);
        made.Values.AsSpan(made.Rows, made.Rows).Fill(float.NaN);
        for (int group = 0; group < made.Groups; group += 2)
        {
            made.Labels.AsSpan(made.Offsets[group], 20).Clear();
        }

        LambdaMart model = LambdaMart.Fit(made, Options(objective));

        Assert.True(RankingWorld.Ndcg(model, made) > 0.99);
        Assert.Equal(0, model.Importance.Single(importance => importance.Feature == "f0").Splits);
        Assert.Equal(0, model.Importance.Single(importance => importance.Feature == "f1").Splits);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_single_group_is_enough_to_learn_from(RankingObjective objective)
    {
        RankingDataset data = RankingWorld.Make(1, 200, 2, 10, (row, _) => row[0] > 0.5f ? 1 : 0);

        Assert.True(RankingWorld.Ndcg(LambdaMart.Fit(data, Options(objective)), data, 50) > 0.99);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Labels_that_are_all_equal_give_equal_scores(RankingObjective objective)
    {
        RankingDataset data = RankingWorld.Make(10, 20, 2, 11, (_, _) => 0);

        float[] scores = RankingWorld.Scores(
            LambdaMart.Fit(data, Options(objective)), RankingWorld.Request(data, 0));

        Assert.All(scores, score => Assert.Equal(scores[0], score, 3));
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void Graded_labels_are_ordered_by_grade()
    {
        RankingDataset data = RankingWorld.Make(100, 20, 3, 12, (row, _) => MathF.Floor(row[0] * 4));

        LambdaMart model = LambdaMart.Fit(data, Options(RankingObjective.LambdaRank));

        Assert.True(RankingWorld.Ndcg(model, data, 20) > 0.999);
    }

    [Fact]
    public void Rows_of_weight_zero_teach_nothing()
    {
        RankingDataset data = RankingWorld.Make(60, 20, 2, 13, (row, _) => row[0] > 0.5f ? 1 : 0);
        float[] labels = [.. data.Labels];
        float[] weights = new float[data.Rows];
        Array.Fill(weights, 1);
        for (int row = 0; row < data.Rows / 2; row++)
        {
            labels[row] = 1 - labels[row];
            weights[row] = 0;
        }

        var mixed = new RankingDataset(data.FeatureNames, data.Values, labels, data.Offsets, weights);

        LambdaMart model = LambdaMart.Fit(mixed, Options(RankingObjective.Logistic));

        Assert.True(RankingWorld.Ndcg(model, data) > 0.999);
    }

    [Fact]
    public void A_cancelled_training_throws()
    {
        RankingDataset data = RankingWorld.Make(5, 20, 2, 14, (row, _) => row[0] > 0.5f ? 1 : 0);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            LambdaMart.Fit(data, new LambdaMartOptions(), stop: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_request_with_other_features_is_refused()
    {
        RankingDataset data = RankingWorld.Make(20, 20, 3, 15, (row, _) => row[0] > 0.5f ? 1 : 0);
        LambdaMart model = LambdaMart.Fit(data, Options(RankingObjective.LambdaRank));

        var error = Assert.Throws<ArgumentException>(() => model.Score(new FeatureMatrix(4, 2), new float[2]));

        Assert.Contains("4 features", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0.1f)]
    [InlineData(9, 0.1f)]
    [InlineData(6, 0f)]
    public void Options_out_of_their_limits_are_refused(int depth, float learningRate)
    {
        RankingDataset data = RankingWorld.Make(2, 5, 1, 16, (_, _) => 1);
        var options = new LambdaMartOptions { LearningRate = learningRate };
        options.Tree.MaxDepth = depth;

        Assert.Throws<ArgumentOutOfRangeException>(() => LambdaMart.Fit(data, options));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_vector_kernel_of_pairs_agrees_with_its_scalar_twin(bool normalise)
    {
        RankingDataset data = RankingWorld.Make(
            30, 37, 1, 17, (_, random) => random.Next(4) == 0 ? 1 + random.Next(3) : 0);
        var options = new LambdaRankOptions { Normalise = normalise, TruncationLevel = 11 };
        var random = new SeededRandom(18);
        float[] scores = new float[data.Rows];
        foreach (ref float score in scores.AsSpan())
        {
            score = (float)random.NextNormal();
        }

        float[] fast = new float[2 * data.Rows];
        float[] slow = new float[2 * data.Rows];
        new LambdaRankObjective(data, options, new ParallelOptions()).Write(scores, fast);
        new LambdaRankObjective(data, options, new ParallelOptions(), vectorised: false).Write(scores, slow);

        for (int place = 0; place < fast.Length; place++)
        {
            Assert.Equal(slow[place], fast[place], 1e-5f);
        }

        Assert.Contains(slow, value => value != 0);
    }

    internal static LambdaMartOptions Options(RankingObjective objective) => new()
    {
        Objective = objective,
        Trees = 40,
        LearningRate = 0.2f,
        Threads = 2,
        Tree = new TreeOptions { MaxDepth = 4, MinChildSamples = 5 },
    };

    private static byte[] Bytes(LambdaMart model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        model.Save(writer);
        return stream.ToArray();
    }
}
