namespace Palate.Tests;

public sealed class TrendingTests : CandidateSourceContract
{
    private const long Day = 86_400;

    protected override bool IsPersonalised => false;

    [Fact]
    public void An_event_counts_half_after_each_half_life()
    {
        Trending source = Source();
        Assert.Equal([1.25f, 1f, 0f], Scores(source, 40 * Day));
    }

    [Fact]
    public void A_replayed_request_sees_no_later_event()
    {
        Trending source = Source();
        Assert.Equal([0.5f, 0f, 0f], Scores(source, 30 * Day));
        Assert.Equal([0f, 0f, 0f], Scores(source, 10 * Day));
    }

    [Fact]
    public void Without_a_time_and_long_after_the_data_the_last_event_is_now()
    {
        Trending source = Source();
        Assert.Equal([1.25f, 1f, 0f], Scores(source, 0));
        Assert.Equal([1.25f, 1f, 0f], Scores(source, 40_000 * Day));
    }

    [Fact]
    public void Unknown_times_make_it_popularity()
    {
        var matrix = InteractionMatrix.Build(2, 2, [0, 1, 1], [1, 1, 0], [1, 1, 1], [0, 0, 0]);
        Assert.Equal([1f, 2f], Scores(Trending.Fit(matrix, new TrendingOptions()), 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Options_outside_their_limits_are_refused(double days) =>
        Assert.Throws<ArgumentException>(
            () => Trending.Fit(RandomMatrix(1), new TrendingOptions { HalfLifeDays = days }));

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        Trending.Fit(matrix, new TrendingOptions());

    protected override ICandidateSource Load(BinaryReader reader) => Trending.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((Trending)source).Save(writer);

    // Item 0 was taken on the days 20 and 40, item 1 on day 40; the half-life is ten days.
    private static Trending Source() => Trending.Fit(
        InteractionMatrix.Build(3, 3, [0, 1, 2], [0, 0, 1], [1, 1, 1], [20 * Day, 40 * Day, 40 * Day]),
        new TrendingOptions { HalfLifeDays = 10 });

    private static float[] Scores(Trending source, long time)
    {
        using var context = new RetrievalContext(Stranger([]), new ItemFilter(source.Items), time: time);
        float[] scores = new float[source.Items];
        source.Score(context, [.. Enumerable.Range(0, source.Items)], scores);
        return scores;
    }
}
