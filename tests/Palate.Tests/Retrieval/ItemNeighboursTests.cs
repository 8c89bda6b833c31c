namespace Palate.Tests;

public sealed class ItemNeighboursTests : CandidateSourceContract
{
    [Fact]
    public void Without_weighting_and_shrinkage_it_is_the_cosine()
    {
        // Item 0: users 0 1 2; item 1: users 1 2; item 2: user 0.
        var matrix = InteractionMatrix.Build(
            3, 3, [0, 1, 2, 1, 2, 0], [0, 0, 0, 1, 1, 2], [1, 1, 1, 1, 1, 1], new long[6]);
        ItemNeighbours source = ItemNeighbours.Fit(
            matrix, new ItemNeighboursOptions { Weighting = NeighbourWeighting.None, Shrink = 0 });
        Assert.Equal(2 / Math.Sqrt(3 * 2), source.Weight(0, 1), 1e-6);
        Assert.Equal(1 / Math.Sqrt(3 * 1), source.Weight(0, 2), 1e-6);
        Assert.Equal(0, source.Weight(1, 2));
        Assert.Equal(0, source.Weight(1, 1));
        ItemNeighbours shrunk = ItemNeighbours.Fit(
            matrix, new ItemNeighboursOptions { Weighting = NeighbourWeighting.None, Shrink = 3 });
        Assert.Equal(2 / (Math.Sqrt(3 * 2) + 3), shrunk.Weight(1, 0), 1e-6);
    }

    [Fact]
    public void Somebody_who_takes_everything_says_less_when_weighted()
    {
        // Items 0 and 1 share a choosy user, items 0 and 2 share one who takes all of them.
        var matrix = InteractionMatrix.Build(
            3, 5, [0, 0, 1, 1, 1, 1, 2], [0, 1, 0, 2, 3, 4, 2], [1, 1, 1, 1, 1, 1, 1], new long[7]);
        foreach (NeighbourWeighting weighting in new[] { NeighbourWeighting.TfIdf, NeighbourWeighting.Bm25 })
        {
            ItemNeighbours source = ItemNeighbours.Fit(
                matrix, new ItemNeighboursOptions { Weighting = weighting, Shrink = 0 });
            Assert.True(source.Weight(0, 1) > 2 * source.Weight(0, 2));
        }
    }

    [Fact]
    public void Options_outside_their_limits_are_refused()
    {
        InteractionMatrix matrix = RandomMatrix(1);
        Assert.Throws<ArgumentException>(
            () => ItemNeighbours.Fit(matrix, new ItemNeighboursOptions { Neighbours = 0 }));
        Assert.Throws<ArgumentException>(() => ItemNeighbours.Fit(matrix, new ItemNeighboursOptions { Shrink = -1 }));
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        ItemNeighbours.Fit(matrix, new ItemNeighboursOptions { Shrink = 1 });

    protected override ICandidateSource Load(BinaryReader reader) => ItemNeighbours.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((ItemNeighbours)source).Save(writer);
}
