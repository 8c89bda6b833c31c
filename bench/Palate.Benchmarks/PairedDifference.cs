using System.Globalization;

namespace Palate.Benchmarks;

/// <summary>A mean difference on the same requests, with its interval.</summary>
internal sealed record PairedDifference(double Mean, MetricInterval Interval)
{
    public static PairedDifference Of(double[] own, double[] other)
    {
        double[] differences = [.. own.Zip(other, (one, that) => one - that)];
        return new PairedDifference(differences.Average(), MetricInterval.OfMean(differences, 1));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Mean:+0.000;-0.000;0} [{Interval.Low:+0.000;-0.000;0}, {Interval.High:+0.000;-0.000;0}]");
}
