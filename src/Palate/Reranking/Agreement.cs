namespace Palate;

/// <summary>How far two orders of the same candidates agree.</summary>
/// <param name="Tau">Kendall's tau-b over all pairs: 1 the same order, 0 unrelated, -1 reversed.</param>
/// <param name="TopOverlap">The share of the top that both have in common, 0 to 1.</param>
public sealed record Agreement(double Tau, double TopOverlap)
{
    /// <summary>Compares two scores of the same candidates; a single candidate agrees with itself.</summary>
    /// <param name="first">The scores of one.</param>
    /// <param name="second">The scores of the other.</param>
    /// <param name="top">How many places matter.</param>
    public static Agreement Between(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (first.Length < 2)
        {
            return new Agreement(1, 1);
        }

        // tau-b = (concordant - discordant) / sqrt(pairs untied in x * pairs untied in y)   Kendall 1945
        long agree = 0;
        long untiedFirst = 0;
        long untiedSecond = 0;
        for (int a = 0; a < first.Length; a++)
        {
            for (int b = a + 1; b < first.Length; b++)
            {
                int x = first[a].CompareTo(first[b]);
                int y = second[a].CompareTo(second[b]);
                agree += Math.Sign(x) * Math.Sign(y);
                untiedFirst += x != 0 ? 1 : 0;
                untiedSecond += y != 0 ? 1 : 0;
            }
        }

        double tau = untiedFirst == 0 && untiedSecond == 0 ? 1
            : untiedFirst == 0 || untiedSecond == 0 ? 0
            : agree / Math.Sqrt((double)untiedFirst * untiedSecond);
        int places = Math.Min(top, first.Length);
        return new Agreement(tau, Best(first, places).Intersect(Best(second, places)).Count() / (double)places);
    }

    private static IEnumerable<int> Best(ReadOnlySpan<float> scores, int places)
    {
        float[] copy = scores.ToArray();
        return Enumerable.Range(0, copy.Length).OrderByDescending(candidate => copy[candidate]).Take(places);
    }
}
