namespace Palate.Tests;

public sealed class EaseTests : CandidateSourceContract
{
    [Fact]
    public void Weights_are_the_closed_form_of_the_paper()
    {
        // Two items that two users share and one that one user adds: G = [[2, 2, 1], [2, 2, 1], [1, 1, 1]], lambda = 1.
        var matrix = InteractionMatrix.Build(2, 3, [0, 0, 1, 1, 1], [0, 1, 0, 1, 2], [1, 1, 1, 1, 1], new long[5]);
        Ease ease = Ease.Fit(matrix, new EaseOptions { Regularization = 1 });

        // inv(G + I) = 1/8 [[5, -3, -1], [-3, 5, -1], [-1, -1, 5]]; weights are kept as 16-bit floats, 1 part in 256.
        Assert.Equal(0, ease.Weight(0, 0));
        Assert.Equal(3f / 5, ease.Weight(0, 1), 0.6 / 256);
        Assert.Equal(1f / 5, ease.Weight(0, 2), 0.2 / 256);
        Assert.Equal(1f / 5, ease.Weight(2, 0), 0.2 / 256);
    }

    [Fact]
    public void The_score_is_the_sum_of_the_historys_weights()
    {
        InteractionMatrix matrix = RandomMatrix(20);
        Ease ease = Ease.Fit(matrix, new EaseOptions { Regularization = 2, UseValues = true });
        var profile = Profile.OfEvents(-1, [1, 4, 9], [2, 5, 1], [0, 0, 0]);
        using var context = new RetrievalContext(profile, new ItemFilter(matrix.Columns));
        float[] scores = new float[1];
        ease.Score(context, [7], scores);
        Assert.Equal(2 * ease.Weight(1, 7) + 5 * ease.Weight(4, 7) + ease.Weight(9, 7), scores[0], 1e-5);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        InteractionMatrix matrix = RandomMatrix(21);
        Ease one = Ease.Fit(matrix, new EaseOptions { Threads = 1 });
        Ease three = Ease.Fit(matrix, new EaseOptions { Threads = 3 });
        for (int item = 0; item < matrix.Columns; item++)
        {
            Assert.Equal(one.Weight(0, item), three.Weight(0, item));
        }
    }

    [Fact]
    public void Users_of_equal_histories_weigh_the_same_whatever_the_user_normalization()
    {
        var matrix = InteractionMatrix.Build(
            4, 4, [0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 3], [1, 1, 1, 1, 1, 1], new long[6]);
        Ease plain = Ease.Fit(matrix, new EaseOptions { Regularization = 1 });
        Ease normalised = Ease.Fit(matrix, new EaseOptions { Regularization = 1, UserNormalization = 0.7f });
        Assert.NotEqual(0, plain.Weight(0, 1));
        for (int from = 0; from < 4; from++)
        {
            for (int to = 0; to < 4; to++)
            {
                Assert.Equal(plain.Weight(from, to), normalised.Weight(from, to));
            }
        }
    }

    [Fact]
    public void User_normalization_weighs_the_gram_matrix_as_written()
    {
        // Users of 3 and 1 items, mean 2, exponent 1: weights 2/3 and 2. G = 2/3 everywhere, but G_22 = 2/3 + 2.
        var matrix = InteractionMatrix.Build(2, 3, [0, 0, 0, 1], [0, 1, 2, 2], [1, 1, 1, 1], new long[4]);
        float[] weights = Gram.UserWeights(matrix, 1);
        Assert.Equal([2f / 3, 2f], weights);
        float[] gram = Gram.Build(matrix, useValues: false, weights, 1, CancellationToken.None);
        float third = 2f / 3;
        Assert.Equal([third, third, third, third, third, third, third, third, third + 2], gram);
    }

    [Fact]
    public void User_normalization_lowers_a_heavy_users_influence()
    {
        // Twenty small users say 0 and 1 belong together; one user of everything says the same of 0 and 9.
        var users = new List<int>();
        var items = new List<int>();
        for (int user = 0; user < 20; user++)
        {
            users.AddRange([user, user]);
            items.AddRange([0, 1]);
        }

        users.AddRange(Enumerable.Repeat(20, 10));
        items.AddRange(Enumerable.Range(0, 10));
        var matrix = InteractionMatrix.Build(
            21, 10, [.. users], [.. items], [.. Enumerable.Repeat(1f, users.Count)], new long[users.Count]);
        Ease plain = Ease.Fit(matrix, new EaseOptions { Regularization = 1 });
        Ease normalised = Ease.Fit(matrix, new EaseOptions { Regularization = 1, UserNormalization = 1 });
        float before = plain.Weight(8, 9) / plain.Weight(0, 1);
        float after = normalised.Weight(8, 9) / normalised.Weight(0, 1);
        Assert.True(after < 0.8 * before, $"The heavy user's pair weighs {after} of the others', before {before}.");
    }

    [Fact]
    public void Item_normalization_divides_the_scores_by_the_power_of_the_counts()
    {
        // Counts 2, 2, 4, 0 over 4 items: mean 2.
        var matrix = InteractionMatrix.Build(
            4, 4, [0, 0, 1, 1, 2, 2, 3, 3], [0, 2, 1, 2, 0, 2, 1, 2], [1, 1, 1, 1, 1, 1, 1, 1], new long[8]);
        Ease plain = Ease.Fit(matrix, new EaseOptions { Regularization = 1 });
        Ease normalised = Ease.Fit(matrix, new EaseOptions { Regularization = 1, ItemNormalization = 0.5f });
        Assert.Equal(plain.Weight(2, 0), normalised.Weight(2, 0));
        Assert.Equal(plain.Weight(0, 2) / MathF.Sqrt(2), normalised.Weight(0, 2), plain.Weight(0, 2) / 128);
    }

    [Theory]
    [InlineData(-0.1f, 0)]
    [InlineData(2.1f, 0)]
    [InlineData(float.NaN, 0)]
    [InlineData(0, -0.1f)]
    [InlineData(0, 1.1f)]
    [InlineData(0, float.NaN)]
    public void Normalizations_outside_their_limits_are_refused(float user, float item)
    {
        var options = new EaseOptions { UserNormalization = user, ItemNormalization = item };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Ease.Fit(RandomMatrix(1), options));
        Assert.Contains("it must be 0 (off)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(float.NaN, 0)]
    [InlineData(10, 1)]
    [InlineData(10, -0.1)]
    public void Options_outside_their_limits_are_refused(float regularization, float dropout)
    {
        var options = new EaseOptions { Regularization = regularization, Dropout = dropout };
        Assert.Throws<ArgumentException>(() => Ease.Fit(RandomMatrix(1), options));
    }

    [Fact]
    public void A_cancelled_fit_throws()
    {
        Assert.Throws<OperationCanceledException>(
            () => Ease.Fit(RandomMatrix(1), new EaseOptions(), null, new CancellationToken(canceled: true)));
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        Ease.Fit(matrix, new EaseOptions { Regularization = 5 });

    protected override ICandidateSource Load(BinaryReader reader) => Ease.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((Ease)source).Save(writer);
}
