namespace Palate.Serving;

/// <summary>The limits of a request that are checked on the wire, where the caller's spelling is known.</summary>
internal static class RecommendLimits
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>The most attributes in <c>require</c>, and the most values of one.</summary>
    public const int MaxRequire = 100;

    /// <summary>The wanted count, or the default one.</summary>
    /// <param name="parameter">The name that the caller used.</param>
    /// <param name="value">What the caller gave.</param>
    /// <exception cref="InvalidRequestException">The count is out of its limits.</exception>
    public static int Count(string parameter, int? value) =>
        value switch
        {
            null => new RecommendRequest().Count,
            < 1 or > RecommendRequest.MaxCount => throw new InvalidRequestException(
                parameter, $"{parameter} is {value}; give a whole number from 1 to {RecommendRequest.MaxCount}."),
            int count => count,
        };

    /// <summary>The required attributes, bounded.</summary>
    /// <exception cref="InvalidRequestException">There are too many, or an attribute has no list of values.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Require(
        IReadOnlyDictionary<string, IReadOnlyList<string>>? require)
    {
        if (require is null)
        {
            return Attributes.None;
        }

        if (require.Count > MaxRequire)
        {
            throw new InvalidRequestException(
                "require", $"require names {require.Count} attributes; at most {MaxRequire} are read.");
        }

        foreach ((string attribute, IReadOnlyList<string>? values) in require)
        {
            if (values is null || values.Contains(null!) || values.Count is 0 or > MaxRequire)
            {
                throw new InvalidRequestException(
                    $"require.{attribute}",
                    $"require.{attribute} has {values?.Count ?? 0} values; give a list of 1 to {MaxRequire} strings.");
            }
        }

        return require;
    }
}
