namespace Palate.Tests;

public sealed class EdlaeTests : CandidateSourceContract
{
    [Fact]
    public void Dropout_gives_the_model_its_own_name()
    {
        Assert.Equal("edlae", Fit(RandomMatrix(1)).Name);
        Assert.Equal("ease", Ease.Fit(RandomMatrix(1), new EaseOptions()).Name);
    }

    [Fact]
    public void Dropout_adds_its_share_of_the_diagonal_to_the_penalty()
    {
        // Every item has the same count, so dropout p equals a penalty that is larger by p / (1 - p) times the count.
        const int Side = 6;
        var users = new List<int>();
        var items = new List<int>();
        for (int user = 0; user < Side; user++)
        {
            users.AddRange([user, user]);
            items.AddRange([user, (user + 1) % Side]);
        }

        float[] ones = [.. users.Select(_ => 1f)];
        var matrix = InteractionMatrix.Build(Side, Side, [.. users], [.. items], ones, new long[ones.Length]);
        Ease dropped = Ease.Fit(matrix, new EaseOptions { Regularization = 3, Dropout = 0.5f });
        Ease plain = Ease.Fit(matrix, new EaseOptions { Regularization = 5 });
        for (int item = 0; item < Side; item++)
        {
            Assert.Equal(2 * plain.Weight(0, item), dropped.Weight(0, item), 1e-5);
        }
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        Ease.Fit(matrix, new EaseOptions { Regularization = 5, Dropout = 0.3f });

    protected override ICandidateSource Load(BinaryReader reader) => Ease.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((Ease)source).Save(writer);
}
