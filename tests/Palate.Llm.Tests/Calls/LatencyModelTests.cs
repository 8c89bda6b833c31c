namespace Palate.Llm.Tests;

public class LatencyModelTests
{
    [Fact]
    public void Before_any_call_it_believes_in_a_fast_model()
    {
        var model = new LatencyModel();

        Assert.Equal(10 + 10 + 40, model.Predict(500, 20, 0.9).TotalMilliseconds, 3);
        Assert.Equal(10 + 40, model.Predict(0, 20, 0.5).TotalMilliseconds, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_learns_a_planted_line_from_noisy_calls_and_some_that_hung(int seed)
    {
        var random = new Random(seed);
        var model = new LatencyModel();
        for (int call = 0; call < 400; call++)
        {
            int prompt = 200 + random.Next(3000);
            int cached = random.Next(2) * (prompt / 2);
            int output = random.Next(100);
            double time = random.Next(20) == 0 ? 5000 : Truth(prompt, cached, output) + (random.NextDouble() * 6) - 3;
            model.Observe(prompt, cached, output, TimeSpan.FromMilliseconds(time));
        }

        foreach ((int prompt, int cached, int output) in ((int, int, int)[])[(500, 0, 10), (3000, 0, 80), (2000, 1000, 50)])
        {
            Assert.Equal(1, model.Predict(prompt, cached, output, 0.5).TotalMilliseconds / Truth(prompt, cached, output), 0.05);
        }

        static double Truth(int prompt, int cached, int output) =>
            12 + (0.03 * (prompt - cached)) + (0.003 * cached) + (1.5 * output);
    }

    [Fact]
    public void Its_quantiles_hold_for_the_calls_that_follow()
    {
        var random = new Random(5);
        var model = new LatencyModel();
        int[] within = new int[3];
        double[] quantiles = [0.5, 0.9, 0.97];
        for (int call = 0; call < 4000; call++)
        {
            int prompt = 100 + random.Next(900);
            double noise = -Math.Log(1 - random.NextDouble());
            var time = TimeSpan.FromMilliseconds((12 + (prompt * 0.06)) * (1 + (0.3 * noise)));
            for (int index = 0; call >= 500 && index < 3; index++)
            {
                within[index] += model.Predict(prompt, 0, quantiles[index]) >= time ? 1 : 0;
            }

            model.Observe(prompt, 0, 0, time);
        }

        for (int index = 0; index < 3; index++)
        {
            Assert.Equal(quantiles[index], within[index] / 3500.0, 0.03);
        }
    }

    [Fact]
    public void It_follows_a_model_that_becomes_slower()
    {
        var model = new LatencyModel();
        for (int call = 0; call < 600; call++)
        {
            model.Observe(1000, 0, 10, TimeSpan.FromMilliseconds(call < 300 ? 50 : 200));
        }

        Assert.InRange(model.Predict(1000, 10, 0.5).TotalMilliseconds, 190, 210);
    }

    [Fact]
    public void Calls_that_were_given_up_teach_that_it_is_slower_than_believed_and_nothing_else()
    {
        var model = new LatencyModel();
        for (int call = 0; call < 50; call++)
        {
            model.ObserveAtLeast(1000, 0, 10, TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(0, model.Observations);
        for (int call = 0; call < 50; call++)
        {
            model.ObserveAtLeast(1000, 0, 10, TimeSpan.FromMilliseconds(500));
        }

        Assert.True(model.Predict(1000, 10, 0.5) > TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public void More_tokens_never_take_less_time_and_a_higher_share_never_less()
    {
        var random = new Random(9);
        var model = new LatencyModel();
        for (int call = 0; call < 300; call++)
        {
            // Noise alone: no line is there to be found.
            model.Observe(random.Next(2000), 0, random.Next(50), TimeSpan.FromMilliseconds(random.Next(100)));
            double last = -1;
            foreach ((int prompt, int output, double share) in ((int, int, double)[])
                [(0, 0, 0.5), (100, 0, 0.5), (100, 10, 0.5), (5000, 10, 0.5), (5000, 10, 0.9), (5000, 10, 0.99)])
            {
                double time = model.Predict(prompt, output, share).TotalMilliseconds;
                Assert.True(time >= last && double.IsFinite(time));
                last = share == 0.5 && time == 0 ? last : time;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyModel().Predict(1, 1, share));

    [Fact]
    public void It_learns_from_the_ledger_what_is_certain()
    {
        var model = new LatencyModel();
        var entry = new LedgerEntry
        {
            Time = default,
            Model = "m",
            Usage = new CallUsage(100, 0, 0, 5),
            Latency = TimeSpan.FromMilliseconds(300),
        };

        model.Observe(entry);
        model.Observe(entry with { IsEstimated = true });
        model.Observe(entry with { Outcome = LedgerOutcome.Failed, Failure = ModelCallFailure.Server });
        Assert.Equal(1, model.Observations);
        model.Observe(entry with
        {
            Outcome = LedgerOutcome.Failed,
            Failure = ModelCallFailure.Timeout,
            Latency = TimeSpan.FromSeconds(30),
        });
        Assert.Equal(2, model.Observations);
    }
}
