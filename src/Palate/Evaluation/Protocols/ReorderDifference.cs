namespace Palate;

/// <summary>A difference to the base order, paired by user.</summary>
/// <param name="Mean">The difference.</param>
/// <param name="Low">The lower end of its interval of 95 % confidence.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ReorderDifference(double Mean, double Low, double High);
