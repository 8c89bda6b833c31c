namespace Palate.Tests;

public sealed class PopularityTests : CandidateSourceContract
{
    protected override bool IsPersonalised => false;

    [Fact]
    public void The_score_is_the_number_of_users()
    {
        var matrix = InteractionMatrix.Build(3, 3, [0, 1, 2, 2, 2], [1, 1, 1, 0, 0], [5, 1, 3, 1, 1], [0, 0, 0, 1, 2]);
        Assert.Equal([1, 3, 0], Popularity.Fit(matrix).Counts.ToArray());
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) => Popularity.Fit(matrix);

    protected override ICandidateSource Load(BinaryReader reader) => Popularity.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((Popularity)source).Save(writer);
}
