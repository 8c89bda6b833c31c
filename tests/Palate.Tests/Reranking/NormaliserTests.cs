namespace Palate.Tests;

public sealed class NormaliserTests
{
    public static TheoryData<Normalisation> Kinds => [.. Enum.GetValues<Normalisation>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Odd_scores_give_finite_results_in_the_same_order(Normalisation kind)
    {
        float[][] cases =
        [
            [], [3], [3, 3], [0, 0, 0], [1, 2], [-5, 7, 7, 1], [float.MaxValue, float.MinValue, 0],
            [float.Epsilon, 0, -float.Epsilon], [0.1f, 0.1f, 0.1f], [1e-30f, 2e-30f, 3e-30f],
        ];
        foreach (float[] scores in cases)
        {
            float[] normalised = Normaliser.Apply(kind, scores);

            Assert.Equal(scores.Length, normalised.Length);
            Assert.All(normalised, value => Assert.True(float.IsFinite(value)));
            for (int a = 0; a < scores.Length; a++)
            {
                for (int b = 0; b < scores.Length; b++)
                {
                    Assert.True(scores[a] < scores[b] || normalised[a] >= normalised[b]);
                    Assert.True(scores[a] != scores[b] || normalised[a] == normalised[b]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scale_and_origin_do_not_matter(Normalisation kind)
    {
        var random = new SeededRandom(5);
        float[] scores = [.. Enumerable.Range(0, 50).Select(_ => (float)random.NextNormal())];

        float[] moved = Normaliser.Apply(kind, [.. scores.Select(score => 16 * score + 4)]);

        Assert.All(Normaliser.Apply(kind, scores).Zip(moved), pair => Assert.Equal(pair.First, pair.Second, 4));
    }

    [Fact]
    public void Known_values_come_out()
    {
        float[] scores = [1, 3, 2, 2];

        Assert.Equal([0, 1, 0.5f, 0.5f], Normaliser.Apply(Normalisation.MinMax, scores));
        Assert.Equal([0, 1, 0.5f, 0.5f], Normaliser.Apply(Normalisation.Rank, scores));
        Assert.Equal(MathF.Sqrt(2), Normaliser.Apply(Normalisation.ZScore, scores)[1], 5);
        Assert.Equal(1 / (1 + MathF.Exp(-MathF.Sqrt(2))), Normaliser.Apply(Normalisation.Sigmoid, scores)[1], 5);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_score_that_is_not_finite_is_refused(float score) =>
        Assert.Throws<ArgumentException>(() => Normaliser.Apply(Normalisation.MinMax, [1, score]));

    [Fact]
    public void Names_are_found_and_unknown_ones_answered_with_the_list()
    {
        Assert.Equal(Enum.GetValues<Normalisation>(), Normaliser.Names.Select(Normaliser.Named).Order());
        ArgumentException error = Assert.Throws<ArgumentException>(() => Normaliser.Named("softmax"));
        Assert.All(Normaliser.Names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }
}
