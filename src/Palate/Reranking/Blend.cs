namespace Palate;

/// <summary>Puts the base score and the evidence of a re-ranker together: the hybrid score.</summary>
/// <remarks>Immutable, safe on any thread.</remarks>
public sealed record Blend
{
    /// <summary>The base alone.</summary>
    public static Blend BaseOnly { get; } = new();

    /// <summary>The weight of the base, 0 to 1: 1 is the base alone, 0 the evidence alone.</summary>
    /// <value>The default is 1: nobody is trusted unheard.</value>
    public double Alpha { get; init; } = 1;

    /// <summary>How both scores are brought to one scale.</summary>
    /// <value>The default is <see cref="Normalisation.MinMax"/>.</value>
    public Normalisation Normalisation { get; init; } = Normalisation.MinMax;

    /// <summary>alpha * normalised base + (1 - alpha) * normalised evidence.</summary>
    /// <param name="baseScores">The base scores, finite.</param>
    /// <param name="evidence">One utility per candidate, finite; empty where there is none.</param>
    /// <returns>
    /// One final score per candidate. Where alpha is 1, or the evidence tells no two candidates apart, these are the
    /// base scores as they are: normalising could make two of them equal.
    /// </returns>
    /// <exception cref="ArgumentException">Alpha is out of its limits, a score is not finite, or the lengths differ.
    /// </exception>
    public float[] Scores(ReadOnlySpan<float> baseScores, ReadOnlySpan<float> evidence)
    {
        Validate();
        if (Alpha >= 1 || evidence.IsEmpty)
        {
            return baseScores.ToArray();
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(evidence.Length, baseScores.Length);
        if (!evidence.ContainsAnyExcept(evidence[0]))
        {
            return baseScores.ToArray();
        }

        float[] left = Normaliser.Apply(Normalisation, baseScores);
        float[] right = Normaliser.Apply(Normalisation, evidence);
        for (int candidate = 0; candidate < left.Length; candidate++)
        {
            left[candidate] = (float)(Alpha * left[candidate] + (1 - Alpha) * right[candidate]);
        }

        return left;
    }

    /// <summary>Checks alpha against its limits.</summary>
    /// <exception cref="ArgumentException">It is out of them.</exception>
    public void Validate()
    {
        if (!(Alpha >= 0 && Alpha <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The blend's alpha is {Alpha}; give 0 (the evidence alone) to 1 (the base alone)."));
        }
    }
}
