namespace Palate.Tests;

public sealed class RandomWalkTests : CandidateSourceContract
{
    [Fact]
    public void A_weight_is_the_probability_of_the_walk_held_back_by_popularity()
    {
        // Item 0: users 0 1; item 1: users 0 1 2; user 0 and user 1 have two items, user 2 one.
        var matrix = InteractionMatrix.Build(3, 2, [0, 1, 0, 1, 2], [0, 0, 1, 1, 1], [1, 1, 1, 1, 1], new long[5]);
        RandomWalk source = RandomWalk.Fit(matrix, new RandomWalkOptions { Alpha = 1, Beta = 0.5f });
        Assert.Equal(2 * (1.0 / 2) * (1.0 / 2) / Math.Sqrt(3), source.Weight(0, 1), 1e-6);
        Assert.Equal(2 * (1.0 / 3) * (1.0 / 2) / Math.Sqrt(2), source.Weight(1, 0), 1e-6);
    }

    [Fact]
    public void Options_outside_their_limits_are_refused()
    {
        InteractionMatrix matrix = RandomMatrix(1);
        Assert.Throws<ArgumentException>(() => RandomWalk.Fit(matrix, new RandomWalkOptions { Alpha = -1 }));
        Assert.Throws<ArgumentException>(() => RandomWalk.Fit(matrix, new RandomWalkOptions { Beta = float.NaN }));
        Assert.Throws<ArgumentException>(() => RandomWalk.Fit(matrix, new RandomWalkOptions { Neighbours = 0 }));
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        RandomWalk.Fit(matrix, new RandomWalkOptions());

    protected override ICandidateSource Load(BinaryReader reader) => RandomWalk.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((RandomWalk)source).Save(writer);
}
