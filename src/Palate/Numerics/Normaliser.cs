namespace Palate;

/// <summary>Brings the scores of one request to one scale, keeping their order.</summary>
/// <remarks>
/// Total for finite scores: one candidate, equal scores and the largest numbers give finite results. Scores that are not
/// equal can become equal where they differ by less than single precision tells apart. Pure, safe on any thread.
/// </remarks>
public static class Normaliser
{
    private static readonly (string Name, Normalisation Kind)[] Known =
    [
        ("min-max", Normalisation.MinMax),
        ("z", Normalisation.ZScore),
        ("rank", Normalisation.Rank),
        ("sigmoid", Normalisation.Sigmoid),
    ];

    /// <summary>The names that <see cref="Named"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(entry => entry.Name)];

    /// <summary>The normalisation of a name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Normalisation Named(string name)
    {
        foreach ((string known, Normalisation kind) in Known)
        {
            if (known == name)
            {
                return kind;
            }
        }

        throw new ArgumentException(
            $"There is no normaliser '{name}'; give one of: {string.Join(", ", Names)}.", nameof(name));
    }

    /// <summary>Normalises scores.</summary>
    /// <param name="kind">How.</param>
    /// <param name="scores">The raw scores, finite.</param>
    /// <returns>One normalised score for each.</returns>
    /// <exception cref="ArgumentException">A score is NaN or infinite.</exception>
    public static float[] Apply(Normalisation kind, ReadOnlySpan<float> scores)
    {
        for (int place = 0; place < scores.Length; place++)
        {
            if (!float.IsFinite(scores[place]))
            {
                throw new ArgumentException(
                    $"The score of candidate {place} is {scores[place]}; only finite scores can be normalised.",
                    nameof(scores));
            }
        }

        return kind switch
        {
            Normalisation.MinMax => MinMax(scores),
            Normalisation.ZScore => ZScore(scores),
            Normalisation.Rank => Rank(scores),
            Normalisation.Sigmoid => [.. ZScore(scores).Select(z => 1 / (1 + MathF.Exp(-z)))],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such normaliser."),
        };
    }

    /// <summary>Maps scores to 0..1, least to greatest; equal scores all become 0.5.</summary>
    internal static void ToUnit(Span<float> scores)
    {
        if (scores.IsEmpty)
        {
            return;
        }

        float least = float.PositiveInfinity;
        float greatest = float.NegativeInfinity;
        foreach (float score in scores)
        {
            least = MathF.Min(least, score);
            greatest = MathF.Max(greatest, score);
        }

        float range = greatest - least;
        foreach (ref float score in scores)
        {
            score = range > 0 ? (score - least) / range : 0.5f;
        }
    }

    private static float[] MinMax(ReadOnlySpan<float> scores)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        foreach (float score in scores)
        {
            min = Math.Min(min, score);
            max = Math.Max(max, score);
        }

        float[] result = new float[scores.Length];
        for (int place = 0; place < result.Length; place++)
        {
            result[place] = max > min ? (float)((scores[place] - min) / (max - min)) : 0.5f;
        }

        return result;
    }

    private static float[] ZScore(ReadOnlySpan<float> scores)
    {
        double mean = 0;
        foreach (float score in scores)
        {
            mean += (double)score / scores.Length;
        }

        double variance = 0;
        foreach (float score in scores)
        {
            variance += (score - mean) * (score - mean) / scores.Length;
        }

        float[] result = new float[scores.Length];
        double deviation = Math.Sqrt(variance);
        for (int place = 0; place < result.Length; place++)
        {
            double z = deviation > 0 ? (scores[place] - mean) / deviation : 0;

            // Rounding leaves equal numbers a deviation of their last bit, which must not blow them up.
            result[place] = deviation > 1e-7 * Math.Abs(mean) ? (float)z : 0;
        }

        return result;
    }

    private static float[] Rank(ReadOnlySpan<float> scores)
    {
        int n = scores.Length;
        float[] sorted = scores.ToArray();
        int[] order = new int[n];
        for (int place = 0; place < n; place++)
        {
            order[place] = place;
        }

        Array.Sort(sorted, order);
        float[] result = new float[n];
        for (int start = 0, end; start < n; start = end)
        {
            end = start + 1;
            while (end < n && sorted[end] == sorted[start])
            {
                end++;
            }

            // start are worse and end - start - 1 others are equal.
            float share = n > 1 ? (start + (end - start - 1) / 2f) / (n - 1) : 0.5f;
            for (int place = start; place < end; place++)
            {
                result[order[place]] = share;
            }
        }

        return result;
    }
}
