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
