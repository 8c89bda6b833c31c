using System.Collections.Frozen;

namespace Palate;

/// <summary>How <see cref="Fusion"/> merges.</summary>
public sealed class FusionOptions
{
    /// <summary>How many candidates to keep, the best first.</summary>
    /// <value>The default is 200. At least 1.</value>
    public int Limit { get; init; } = 200;

    /// <summary>The k of reciprocal rank fusion: the greater, the less the first ranks stand out.</summary>
    /// <value>The default is 60, the value of the paper. Finite, 0 or more.</value>
    public float K { get; init; } = 60;

    /// <summary>The weight of a source by its name, for reciprocal rank fusion; a source that is not named has 1.</summary>
    /// <value>Empty by default. From 0 to 1,000,000; 0 keeps a source's candidates but gives them no score.</value>
    public IReadOnlyDictionary<string, float> Weights { get; init; } = FrozenDictionary<string, float>.Empty;

    /// <summary>Checks every value, and that every named source exists.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits or names an unknown source.</exception>
    internal void Validate(IReadOnlyList<string> sources)
    {
        if (Limit < 1)
        {
            throw new ArgumentException($"The fusion's limit is {Limit}; it must be at least 1.");
        }

        if (!(float.IsFinite(K) && K >= 0))
        {
            throw new ArgumentException($"The fusion's k is {K}; it must be finite and not negative, usually 60.");
        }

        foreach ((string source, float weight) in Weights)
        {
            RequireKnown(source, sources);
            if (!(weight is >= 0 and <= 1e6f))
            {
                throw new ArgumentException(
                    $"The fusion weight of '{source}' is {weight}; it must be from 0 to 1,000,000.");
            }
        }
    }

    private static void RequireKnown(string source, IReadOnlyList<string> sources)
    {
        if (!sources.Contains(source))
        {
            throw new ArgumentException(
                $"The fusion names the source '{source}', which is not among the sources: {string.Join(", ", sources)}.");
        }
    }
}
