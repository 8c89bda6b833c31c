using System.Globalization;

namespace Palate;

/// <summary>Maximal marginal relevance: each place goes to what is relevant and unlike everything before it.</summary>
/// <remarks>
/// argmax (1 - w) rel(i) - w max over j in S of sim(i, j); Carbonell and Goldstein, "The use of MMR", SIGIR 1998, with
/// lambda = 1 - w. The maximum is kept running: one row of similarities per place.
/// </remarks>
public sealed class Mmr : Shaper
{
    /// <inheritdoc/>
    public override string Name => "mmr";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Similarity;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Similarity;

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (rank == 0)
        {
            return "is the most relevant.";
        }

        float[] row = new float[list.Count];
        list.Similarity.Row(order[rank], row);
        float closest = float.NegativeInfinity;
        foreach (int before in order[..rank])
        {
            closest = MathF.Max(closest, row[before]);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"is {list.Relevance[order[rank]]:0.00} relevant and at most {closest:0.00} like what stands before it.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        int count = list.Count;
        ReadOnlySpan<float> relevance = list.Relevance;
        float[] scratch = new float[3 * count];
        Span<float> row = scratch.AsSpan(0, count);
        Span<float> closest = scratch.AsSpan(count, count);
        Span<float> gains = scratch.AsSpan(2 * count, count);
        closest.Fill(float.NegativeInfinity);
        relevance.CopyTo(gains);
        for (int place = 0; place < head.Length; place++)
        {
            // A chosen candidate's gain is minus infinity: fewer branches than a flag beside it.
            int best = 0;
            for (int other = 1; other < count; other++)
            {
                best = gains[other] > gains[best] ? other : best;
            }

            head[place] = best;
            list.Similarity.Row(best, row);
            for (int other = 0; other < count; other++)
            {
                closest[other] = MathF.Max(closest[other], row[other]);
                gains[other] = float.IsNegativeInfinity(gains[other])
                    ? gains[other]
                    : (1 - weight) * relevance[other] - weight * closest[other];
            }

            gains[best] = float.NegativeInfinity;
        }

        return head.Length;
    }
}
