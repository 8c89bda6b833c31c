namespace Palate;

/// <summary>How <see cref="Trending"/> is fitted.</summary>
public sealed class TrendingOptions
{
    /// <summary>After how many days an interaction counts half; more than 0.</summary>
    /// <value>The default is 14 days.</value>
    public double HalfLifeDays { get; set; } = 14;

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        if (!(HalfLifeDays > 0) || !double.IsFinite(HalfLifeDays))
        {
            throw new ArgumentException(
                $"Trending.HalfLifeDays is {HalfLifeDays}; it must be more than 0, for example 14.");
        }
    }
}
