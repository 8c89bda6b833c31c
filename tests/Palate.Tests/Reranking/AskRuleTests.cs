namespace Palate.Tests;

public sealed class AskRuleTests
{
    [Fact]
    public void Warm_users_with_simple_queries_and_a_decided_top_are_skipped_and_others_asked()
    {
        var rule = AskRule.Fit(World(2000, seed: 1));

        Assert.False(rule.Asks(new AskFeatures(1.5, 0.02, 200, 1)));
        Assert.True(rule.Asks(new AskFeatures(0.05, 0.3, 0, 6)));
        Assert.InRange(rule.Savings.Skipped, 0.3, 0.9);
        Assert.InRange(rule.Savings.GainKept, 0.85, 1.3);
    }

    [Fact]
    public void The_reported_savings_come_true_on_new_requests()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var rule = AskRule.Fit(World(2000, seed));
            AskSample[] later = World(4000, seed + 100);

            double skipped = later.Count(sample => !rule.Asks(sample.Features)) / 4000.0;
            double kept = later.Where(sample => rule.Asks(sample.Features)).Sum(sample => sample.Gain) /
                later.Sum(sample => sample.Gain);

            Assert.Equal(rule.Savings.Skipped, skipped, 0.12);
            Assert.True(kept >= 0.88, $"seed {seed}: {kept:F3} of the gain is kept, {skipped:F3} skipped.");
        }
    }

    [Fact]
    public void Where_the_features_say_nothing_little_is_skipped()
    {
        var random = new SeededRandom(3);
        AskSample[] samples = [.. World(1000, seed: 3).Select(
            sample => sample with { Gain = 0.05 + 0.02 * random.NextNormal() })];

        AskSavings savings = AskRule.Fit(samples).Savings;

        Assert.InRange(savings.Skipped, 0, 0.12);
        Assert.InRange(savings.GainKept, 0.88, 1);
    }

    [Fact]
    public void Where_asking_only_harms_nobody_is_asked()
    {
        AskSample[] samples = [.. World(500, seed: 4).Select(
            sample => sample with { Gain = -Math.Abs(sample.Gain) - 0.01 })];

        var rule = AskRule.Fit(samples);

        Assert.Equal(1, rule.Savings.Skipped);
        Assert.All(samples, sample => Assert.False(rule.Asks(sample.Features)));
    }

    [Fact]
    public void With_too_few_requests_everybody_is_asked()
    {
        var rule = AskRule.Fit(World(99, seed: 1));

        Assert.Same(AskRule.Always, rule);
        Assert.True(rule.Asks(new AskFeatures(3, 0, 1000, 0)));
        Assert.Equal(new AskSavings(0, 1, 0), rule.Savings);
    }

    [Fact]
    public void Requests_in_which_nothing_ever_changes_are_skipped_without_an_error()
    {
        AskSample[] samples = [.. Enumerable.Repeat(new AskSample(new AskFeatures(1, 0.1, 5, 2), 0), 200)];

        Assert.False(AskRule.Fit(samples).Asks(samples[0].Features));
    }

    [Fact]
    public void Features_are_read_off_the_base_ranking()
    {
        AskFeatures decided = AskFeatures.Of([10, 9, 1, 0, 0, 0], 2, 7, "quiet garden chairs");
        AskFeatures undecided = AskFeatures.Of([5, 4, 4, 4, 4, 0], 2, 0, null);

        Assert.Equal((7, 3), (decided.History, decided.QueryWords));
        Assert.Equal((0, 0), (undecided.History, undecided.QueryWords));
        Assert.True(decided.TopGap > 1 && undecided.TopGap == 0);
        Assert.True(decided.Undecided < undecided.Undecided);
        Assert.Equal(new AskFeatures(0, 1, 0, 0), AskFeatures.Of([1, 2], 10, 0, " "));
        Assert.Equal(new AskFeatures(0, 0, 0, 0), AskFeatures.Of([], 10, 0, null));
        Assert.Equal(0, AskFeatures.Of([3, 3, 3], 1, 0, null).TopGap);
    }

    [Fact]
    public void A_rule_survives_its_file_and_damage_is_noticed()
    {
        foreach (AskRule rule in (AskRule[])[AskRule.Fit(World(500, seed: 2)), AskRule.Always])
        {
            using var memory = new MemoryStream();
            rule.Save(new BinaryWriter(memory));
            byte[] bytes = memory.ToArray();
            var loaded = AskRule.Load(new BinaryReader(new MemoryStream(bytes)));

            Assert.Equal(rule.Savings, loaded.Savings);
            Assert.All(World(100, seed: 9), sample =>
            {
                Assert.Equal(rule.Asks(sample.Features), loaded.Asks(sample.Features));
                Assert.Equal(rule.LogOdds(sample.Features), loaded.LogOdds(sample.Features));
            });
            bytes[^3] ^= 1;
            Assert.Throws<InvalidDataException>(() => AskRule.Load(new BinaryReader(new MemoryStream(bytes))));
        }
    }

    [Fact]
    public void A_gain_that_is_not_a_number_is_refused() => Assert.Throws<ArgumentException>(
        () => AskRule.Fit([new AskSample(new AskFeatures(1, 1, 1, 1), double.NaN)]));

    /// <summary>Asking helps cold users, long queries and undecided tops; elsewhere it brings about nothing.</summary>
    private static AskSample[] World(int requests, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        return [.. Enumerable.Range(0, requests).Select(_ =>
        {
            var features = new AskFeatures(
                Math.Min(3, Math.Abs(random.NextNormal())),
                0.3 * random.NextDouble(),
                random.Next(2) == 0 ? random.Next(3) : 20 + random.Next(200),
                random.Next(7));
            double need = (features.History < 3 ? 1 : 0) + (features.QueryWords > 3 ? 1 : 0) +
                (features.TopGap < 0.3 ? 1 : 0);
            return new AskSample(features, (need >= 2 ? 0.15 : need >= 1 ? 0.03 : -0.01) + 0.05 * random.NextNormal());
        })];
    }
}
