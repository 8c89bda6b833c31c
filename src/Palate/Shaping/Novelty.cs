using System.Globalization;

namespace Palate;

/// <summary>Popularity-bias control: little-known items move up.</summary>
/// <remarks>
/// By (1 - w) rel(i) + w novelty(i), novelty being the item's self-information -log2 p(i) (Zhou et al., PNAS 2010)
/// mapped to 0..1 within the list; compare Abdollahpouri, Burke and Mobasher, "Managing popularity bias", FLAIRS 2019.
/// </remarks>
public sealed class Novelty : Shaper
{
    /// <inheritdoc/>
    public override string Name => "novelty";

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Novelty;

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Novelty is not { } novelty)
        {
            return "is of unknown novelty.";
        }

        float own = novelty[order[rank]];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is less known than {novelty.Count(other => other < own)} of the {list.Count} candidates ({own:0.0} bits).");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Novelty is not { } novelty)
        {
            return 0;
        }

        float[] scaled = (float[])novelty.Clone();
        Normaliser.ToUnit(scaled);
        double[] gains = new double[list.Count];
        for (int place = 0; place < gains.Length; place++)
        {
            gains[place] = (1 - weight) * list.Relevance[place] + weight * scaled[place];
        }

        bool[] taken = new bool[list.Count];
        for (int next = 0; next < head.Length; next++)
        {
            head[next] = Best(gains, taken);
            taken[head[next]] = true;
        }

        return head.Length;
    }
}
