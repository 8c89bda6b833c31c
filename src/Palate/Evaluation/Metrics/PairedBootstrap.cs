using System.Numerics.Tensors;

namespace Palate;

/// <summary>How far a mean over users could be off, by drawing the users again and again with replacement.</summary>
/// <remarks>
/// The percentile bootstrap: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13; for paired
/// comparisons of rankings Sakai, SIGIR 2006. All series see the same draws, so differences of two series are paired.
/// A draw costs one pass over the users and one dot product per series.
/// </remarks>
internal static class PairedBootstrap
{
    /// <summary>The interval and the two-sided p-value against 0 of each series' mean.</summary>
    /// <param name="series">One value per user; NaN where a user has none.</param>
    /// <param name="resamples">How many draws.</param>
    /// <param name="seed">Every draw has its own stream, so the result does not depend on the threads.</param>
    /// <param name="threads">How many threads draw.</param>
    /// <param name="stop">Cancels.</param>
    public static (MetricInterval Interval, double PValue)[] Run(
        IReadOnlyList<double[]> series, int resamples, ulong seed, int threads, CancellationToken stop = default)
    {
        int users = series.Count == 0 ? 0 : series[0].Length;
        if (users == 0)
        {
            return [.. series.Select(_ => (new MetricInterval(double.NaN, double.NaN), double.NaN))];
        }

        // Without NaN a dot product suffices; with NaN the weights of those who have a value are summed too.
        double[][] values = [.. series.Select(own => own.Select(value => double.IsNaN(value) ? 0 : value).ToArray())];
        double[]?[] masks = [.. series.Select(Mask)];
        double[][] means = [.. series.Select(_ => new double[resamples])];
        Parallel.For(
            0,
            resamples,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            () => new double[users],
            (sample, _, weights) =>
            {
                var random = new SeededRandom(seed ^ ((ulong)sample + 1) * 0xD1342543DE82EF95);
                Array.Clear(weights);
                for (int draw = 0; draw < users; draw++)
                {
                    weights[random.Next(users)]++;
                }

                for (int index = 0; index < values.Length; index++)
                {
                    double total = masks[index] is { } mask ? TensorPrimitives.Dot<double>(weights, mask) : users;
                    means[index][sample] = TensorPrimitives.Dot<double>(weights, values[index]) / total;
                }

                return weights;
            },
            _ => { });
        return [.. means.Select(Summarise)];
    }

    private static double[]? Mask(double[] values) =>
        values.Any(double.IsNaN) ? [.. values.Select(value => double.IsNaN(value) ? 0.0 : 1)] : null;

    private static (MetricInterval Interval, double PValue) Summarise(double[] means)
    {
        double[] sorted = [.. means.Where(mean => !double.IsNaN(mean)).Order()];
        if (sorted.Length == 0)
        {
            return (new MetricInterval(double.NaN, double.NaN), double.NaN);
        }

        int notAbove = sorted.Count(mean => mean <= 0);
        int notBelow = sorted.Count(mean => mean >= 0);
        double pValue = Math.Clamp(2.0 * Math.Min(notAbove, notBelow) / sorted.Length, 1.0 / sorted.Length, 1);
        return (new MetricInterval(Quantile(sorted, 0.025), Quantile(sorted, 0.975)), pValue);
    }

    /// <summary>Linear between the two nearest samples.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
