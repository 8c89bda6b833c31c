using System.Globalization;

namespace Palate;

/// <summary>How the values of a metric are written for people: culture-invariant, with as many digits as mean something.</summary>
internal static class MetricFormat
{
    public static string Value(string metric, double value) =>
        double.IsNaN(value) ? "-" : value.ToString(Pattern(metric), CultureInfo.InvariantCulture);

    public static string Difference(string metric, double value)
    {
        string pattern = Pattern(metric);
        return value.ToString($"+{pattern};-{pattern};{pattern}", CultureInfo.InvariantCulture);
    }

    public static string PValue(double value) =>
        value < 0.001 ? "<0.001" : value.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds switch
    {
        < 0.0995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.0} ms"),
        < 99.5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min"),
    };

    private static string Pattern(string metric) =>
        metric.StartsWith("popularity", StringComparison.Ordinal) ? "0.0"
        : metric.StartsWith("novelty", StringComparison.Ordinal) ? "0.000"
        : "0.0000";
}
