namespace Palate;

/// <summary>How <see cref="Semantic"/> makes a vector of a user's history and query.</summary>
public sealed class SemanticOptions
{
    /// <summary>
    /// Whether a value counts relative to the mean of the user's own values, so that what they rated low pushes
    /// away; values that are all equal count as 1 each.
    /// </summary>
    /// <value>The default is false: every value counts as it is.</value>
    public bool CentreValues { get; init; }

    /// <summary>After how many days an interaction counts half of the newest one's; 0 for no decay.</summary>
    /// <value>The default is 0.</value>
    public double HalfLifeDays { get; init; }

    /// <summary>The share of the query when there is a history too, 0 to 1.</summary>
    /// <value>The default is 0.7.</value>
    public double QueryShare { get; init; } = 0.7;

    internal void Validate()
    {
        if (HalfLifeDays is not (>= 0 and < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(
                nameof(HalfLifeDays), HalfLifeDays, "HalfLifeDays must be a number of days, or 0 for no decay.");
        }

        if (QueryShare is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(QueryShare), QueryShare, "QueryShare must be between 0 and 1.");
        }
    }
}
