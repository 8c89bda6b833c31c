namespace Palate;

/// <summary>An interval of 95 % confidence.</summary>
/// <param name="Low">Its lower end: the 2.5 % point of the bootstrap samples.</param>
/// <param name="High">Its upper end: the 97.5 % point.</param>
public readonly record struct MetricInterval(double Low, double High);
