namespace Palate.Tests;

public sealed class BlendTests
{
    private static readonly float[] Base = [3, 2, 1];
    private static readonly float[] Evidence = [10, 30, 20];

    [Fact]
    public void Alpha_mixes_the_normalised_scores() =>
        Assert.Equal([0.25f, 0.875f, 0.375f], new Blend { Alpha = 0.25 }.Scores(Base, Evidence));

    [Fact]
    public void The_ends_are_the_base_and_the_evidence()
    {
        Assert.Equal(Base, new Blend { Alpha = 1 }.Scores(Base, Evidence));
        Assert.Equal([0, 1, 0.5f], new Blend { Alpha = 0 }.Scores(Base, Evidence));
        Assert.Equal(Base, Blend.BaseOnly.Scores(Base, Evidence));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Evidence_that_tells_no_candidates_apart_leaves_the_base(double alpha)
    {
        var blend = new Blend { Alpha = alpha };

        Assert.Equal(Base, blend.Scores(Base, []));
        Assert.Equal(Base, blend.Scores(Base, [7, 7, 7]));
        Assert.Equal([5], blend.Scores([5], [9]));
        Assert.Empty(blend.Scores([], []));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void An_alpha_out_of_its_limits_is_refused(double alpha) =>
        Assert.Throws<ArgumentException>(() => new Blend { Alpha = alpha }.Scores(Base, Evidence));

    [Fact]
    public void Columns_of_different_length_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Blend { Alpha = 0.5 }.Scores(Base, [1, 2]));
}
