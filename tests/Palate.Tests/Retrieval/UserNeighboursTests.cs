namespace Palate.Tests;

public sealed class UserNeighboursTests : CandidateSourceContract
{
    [Fact]
    public void The_score_is_the_sum_of_the_neighbours_cosines()
    {
        // User 0: items 0 1; user 1: items 0 1 2; user 2: items 1 3; user 3: item 4.
        var matrix = InteractionMatrix.Build(
            4, 5, [0, 0, 1, 1, 1, 2, 2, 3], [0, 1, 0, 1, 2, 1, 3, 4], [1, 1, 1, 1, 1, 1, 1, 1], new long[8]);
        UserNeighbours source = UserNeighbours.Fit(matrix, new UserNeighboursOptions());
        using var context = new RetrievalContext(Profile.OfRow(matrix, 0), new ItemFilter(5));
        float[] scores = new float[5];
        source.Score(context, [0, 1, 2, 3, 4], scores);
        double first = 2 / Math.Sqrt(2 * 3);
        double second = 1 / Math.Sqrt(2 * 2);
        Assert.Equal(first, scores[0], 1e-6);
        Assert.Equal(first + second, scores[1], 1e-6);
        Assert.Equal(first, scores[2], 1e-6);
        Assert.Equal(second, scores[3], 1e-6);
        Assert.Equal(0, scores[4]);
    }

    [Fact]
    public void Options_outside_their_limits_are_refused() =>
        Assert.Throws<ArgumentException>(
            () => UserNeighbours.Fit(RandomMatrix(1), new UserNeighboursOptions { Neighbours = 0 }));

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        UserNeighbours.Fit(matrix, new UserNeighboursOptions { Neighbours = 5 });

    protected override ICandidateSource Load(BinaryReader reader) => UserNeighbours.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((UserNeighbours)source).Save(writer);
}
