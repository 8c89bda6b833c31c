namespace Palate.Tests;

public sealed class SourceFeaturesTests
{
    [Fact]
    public void Scores_become_deviations_from_their_mean()
    {
        float[] scores = [1, 3, 3, 1];
        SourceFeatures.Standardise(scores);
        Assert.Equal([-1f, 1f, 1f, -1f], scores);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(-123.4567f)]
    public void Equal_scores_all_become_0_whatever_their_mean_rounds_to(float score)
    {
        foreach (int count in new[] { 1, 7, 10, 99 })
        {
            float[] scores = [.. Enumerable.Repeat(score, count)];
            SourceFeatures.Standardise(scores);
            Assert.All(scores, standard => Assert.Equal(0, standard));
        }
    }
}
