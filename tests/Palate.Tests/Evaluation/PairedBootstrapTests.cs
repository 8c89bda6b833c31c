namespace Palate.Tests;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void The_interval_is_that_of_the_normal_approximation_for_many_users()
    {
        double[] values = Normal(seed: 1, users: 2000, mean: 0.1);
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / values.Length);

        ((double low, double high), double pValue) = PairedBootstrap.Run([values], 2000, seed: 7, threads: 2)[0];

        Assert.InRange(low, mean - 2.15 * error, mean - 1.77 * error);
        Assert.InRange(high, mean + 1.77 * error, mean + 2.15 * error);
        Assert.True(pValue < 0.01);
    }

    [Fact]
    public void Intervals_cover_the_truth_about_as_often_as_they_say()
    {
        int covered = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            MetricInterval interval = PairedBootstrap.Run([Normal(seed, 60, 0)], 300, seed, threads: 1)[0].Interval;
            covered += interval.Low <= 0 && interval.High >= 0 ? 1 : 0;
        }

        Assert.InRange(covered, 178, 198);
    }

    [Fact]
    public void Users_without_a_value_do_not_count()
    {
        double[] values = Normal(3, 200, 0.5);
        double[] gaps = [.. values.Select((value, user) => user % 2 == 0 ? double.NaN : value)];
        double[] none = [.. values.Select(_ => double.NaN)];

        (MetricInterval Interval, double PValue)[] found = PairedBootstrap.Run([values, gaps, none], 500, 1, 1);

        double mean = gaps.Where(value => !double.IsNaN(value)).Average();
        Assert.InRange(mean, found[1].Interval.Low, found[1].Interval.High);
        Assert.True(found[1].Interval.High - found[1].Interval.Low > found[0].Interval.High - found[0].Interval.Low);
        Assert.Equal(double.NaN, found[2].PValue);
    }

    [Fact]
    public void The_seed_decides_and_the_threads_do_not()
    {
        double[][] series = [Normal(1, 100, 0.1), Normal(2, 100, 0)];

        Assert.Equal(PairedBootstrap.Run(series, 300, 5, 1), PairedBootstrap.Run(series, 300, 5, 4));
        Assert.NotEqual(PairedBootstrap.Run(series, 300, 5, 1), PairedBootstrap.Run(series, 300, 6, 1));
        Assert.Empty(PairedBootstrap.Run([], 300, 5, 1));
    }

    private static double[] Normal(ulong seed, int users, double mean)
    {
        var random = new SeededRandom(seed);
        double[] values = new double[users];
        for (int user = 0; user < users; user++)
        {
            values[user] = mean + random.NextNormal();
        }

        return values;
    }
}
