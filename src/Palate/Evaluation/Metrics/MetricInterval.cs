namespace Palate;

/// <summary>An interval of 95 % confidence.</summary>
/// <param name="Low">Its lower end: the 2.5 % point of the bootstrap samples.</param>
/// <param name="High">Its upper end: the 97.5 % point.</param>
public readonly record struct MetricInterval(double Low, double High)
{
    /// <summary>Where the mean of values could be, by drawing them again and again with replacement.</summary>
    /// <param name="values">One per user or request; differences of two rankings make the interval a paired one.</param>
    /// <param name="seed">Fixes the draws.</param>
    public static MetricInterval OfMean(IReadOnlyList<double> values, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        return PairedBootstrap.Run([[.. values]], 2000, seed, Environment.ProcessorCount)[0].Interval;
    }
}
