namespace Palate.Tests;

public sealed class TrustTests
{
    private const int Learned = 400;
    private const int Tested = 800;

    [Theory]
    [InlineData("random")]
    [InlineData("hostile")]
    [InlineData("stuck")]
    [InlineData("empty")]
    [InlineData("half-malformed")]
    [InlineData("half-malformed-random")]
    public void No_judge_lowers_the_quality_below_that_of_the_base(string judge)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            TrustSample[] test = TrustWorld.Make(judge, Tested, 1000 + seed);

            var trust = Trust.Fit(TrustWorld.Make(judge, Learned, seed));

            Assert.Equal(judge == "half-malformed", trust.Whole.Asks);
            double difference = TrustWorld.Quality(test, trust.BlendOf) -
                TrustWorld.Quality(test, _ => Blend.BaseOnly);
            Assert.True(difference >= -0.002, $"seed {seed}: {difference:F4} with alpha {trust.Whole.Alpha}.");
        }
    }

    [Theory]
    [InlineData("good", 0.3)]
    [InlineData("good", 0.5)]
    [InlineData("good", 0.8)]
    [InlineData("half-malformed", 0.5)]
    public void A_good_judge_gets_nearly_the_best_weight_that_a_sweep_over_the_test_finds(string judge, double baseTrust)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            TrustSample[] test = TrustWorld.Make(judge, Tested, 2000 + seed, baseTrust);

            var trust = Trust.Fit(TrustWorld.Make(judge, Learned, seed, baseTrust));

            double best = Enumerable.Range(0, 21).Max(
                step => TrustWorld.Quality(test, _ => new Blend { Alpha = step / 20.0 }));
            double found = TrustWorld.Quality(test, trust.BlendOf);
            Assert.True(trust.Whole.Asks);
            Assert.True(found >= 0.98 * best, $"seed {seed}: {found:F4} with {trust.Whole.Alpha}; the best is {best:F4}.");
            Assert.InRange(trust.Whole.Alpha, trust.Whole.AlphaInterval.Low, trust.Whole.AlphaInterval.High);
            Assert.InRange(trust.Whole.Gain, trust.Whole.GainInterval.Low, trust.Whole.GainInterval.High);
        }
    }

    [Fact]
    public void The_better_the_base_the_higher_its_weight()
    {
        double weak = Alpha(0.2);
        double middling = Alpha(0.5);
        double strong = Alpha(0.9);

        Assert.True(weak < middling && middling < strong, $"{weak}, {middling}, {strong}");

        static double Alpha(double baseTrust) =>
            Trust.Fit(TrustWorld.Make("good", 800, 1, baseTrust)).Whole.Alpha;
    }

    [Fact]
    public void A_segment_with_data_gets_a_weight_of_its_own_and_a_harmed_one_none()
    {
        TrustSample[] samples =
        [
            .. TrustWorld.Make("good", 300, 1, segment: "cold"),
            .. TrustWorld.Make("hostile", 300, 2, segment: "warm"),
            .. TrustWorld.Make("good", 20, 3, segment: "rare"),
        ];

        var trust = Trust.Fit(samples);

        Assert.True(trust.Of("cold").Asks);
        Assert.Equal(1, trust.Of("warm").Alpha);
        Assert.Same(trust.Whole, trust.Of("rare"));
        Assert.Same(trust.Whole, trust.Of("never seen"));
    }

    [Fact]
    public void A_small_segment_leans_on_the_whole()
    {
        TrustSample[] samples =
        [
            .. TrustWorld.Make("good", 500, 1, segment: "many"),
            .. TrustWorld.Make("good", 110, 2, segment: "few"),
        ];

        double own = Math.Abs(Alpha(0, "few") - Alpha(0, "many"));
        double shrunk = Math.Abs(Alpha(1_000_000, "few") - Alpha(1_000_000, "many"));

        Assert.Equal(0, shrunk);
        Assert.True(own >= shrunk);

        double Alpha(double shrinkage, string segment) =>
            Trust.Fit(samples, new TrustOptions { Shrinkage = shrinkage }).Of(segment).Alpha;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public void Too_few_requests_earn_no_trust(int requests)
    {
        LearnedAlpha whole = Trust.Fit(TrustWorld.Make("good", requests, 1)).Whole;

        Assert.Equal(1, whole.Alpha);
        Assert.False(whole.Asks);
    }

    [Fact]
    public void Requests_in_which_nothing_is_relevant_say_nothing()
    {
        TrustSample[] telling = TrustWorld.Make("good", 100, 1);
        var silent = new TrustSample([1, 2], [2, 1], [0, 0]);

        LearnedAlpha with = Trust.Fit([silent, silent, .. telling]).Whole;

        Assert.Equal(Trust.Fit(telling).Whole, with);
    }

    [Fact]
    public void The_least_weight_of_the_base_is_kept()
    {
        TrustSample[] samples = TrustWorld.Make("good", 300, 1, trust: 0.1);

        Assert.True(Trust.Fit(samples).Whole.Alpha < 0.5);
        Assert.Equal(0.5, Trust.Fit(samples, new TrustOptions { LeastAlpha = 0.5 }).Whole.Alpha);
    }

    [Fact]
    public void A_sample_whose_columns_do_not_fit_is_refused() =>
        Assert.Throws<ArgumentException>(() => Trust.Fit([new TrustSample([1, 2], [1], [1, 0])]));

    [Fact]
    public void What_was_learned_survives_its_file_and_damage_is_noticed()
    {
        var trust = Trust.Fit([
            .. TrustWorld.Make("good", 150, 1, segment: "cold"), .. TrustWorld.Make("random", 150, 2, segment: "warm")]);
        using var memory = new MemoryStream();
        trust.Save(new BinaryWriter(memory));
        byte[] bytes = memory.ToArray();

        var loaded = Trust.Load(new BinaryReader(new MemoryStream(bytes)));

        Assert.Equal(trust.Whole, loaded.Whole);
        Assert.Equal(trust.Segments, loaded.Segments);
        Assert.Equal(trust.Normalisation, loaded.Normalisation);
        bytes[^5] ^= 1;
        Assert.Throws<InvalidDataException>(() => Trust.Load(new BinaryReader(new MemoryStream(bytes))));
    }
}
