using System.Globalization;

namespace Palate;

/// <summary>
/// Exposure fairness: the attention that a list's places get is shared between two groups as it is due.
/// </summary>
/// <remarks>
/// A greedy controller in the manner of Biega, Gummadi and Weikum, "Equity of attention", SIGIR 2018, within one list:
/// each group has a debt, its due share of the attention given out so far less what it got, and each place goes to
/// argmax (1 - w) rel(i) + w debt(group of i). The debt adds up over the places, so a small weight evens out in the end
/// what a large one evens out at once. Due is the group's share of the candidates.
/// </remarks>
public sealed class Exposure : Shaper
{
    private readonly bool _isLinear;

    /// <summary>A fair sharing of exposure.</summary>
    /// <param name="isLinear">
    /// Attention falls linearly to 0 at the last place, as the mean absolute deviation counts it; otherwise as
    /// 1 / log2(rank + 1), as DCG does (Singh and Joachims, KDD 2018).
    /// </param>
    public Exposure(bool isLinear = false) => _isLinear = isLinear;

    /// <inheritdoc/>
    public override string Name => _isLinear ? "exposure-linear" : "exposure";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute | ShaperNeeds.Groups;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute | ShaperNeeds.Groups;

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Groups is not { } groups || groups[order[rank]] < 0)
        {
            return "belongs to no group.";
        }

        Span<double> got = stackalloc double[2];
        got.Clear();
        for (int place = 0; place < rank; place++)
        {
            if (groups[order[place]] is >= 0 and int group)
            {
                got[group] += 1 / Math.Log2(place + 2);
            }
        }

        int own = groups[order[rank]];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is of group {own}, which had {got[own]:0.00} of {got[0] + got[1]:0.00} attention before it.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Groups is not { } groups || !groups.Contains(0) || !groups.Contains(1))
        {
            return 0;
        }

        double all = groups.Count(group => group >= 0);
        double[] due = [groups.Count(group => group == 0) / all, groups.Count(group => group == 1) / all];
        double[] got = new double[2];
        double[] gains = new double[list.Count];
        bool[] taken = new bool[list.Count];
        for (int next = 0; next < head.Length; next++)
        {
            double attention = Attention(next, head.Length);
            double given = got[0] + got[1] + attention;
            for (int place = 0; place < gains.Length; place++)
            {
                int group = groups[place];
                double debt = group < 0 ? 0 : due[group] * given - got[group];
                gains[place] = (1 - weight) * list.Relevance[place] + weight * debt;
            }

            int best = Best(gains, taken);
            head[next] = best;
            taken[best] = true;
            if (groups[best] >= 0)
            {
                got[groups[best]] += attention;
            }
        }

        return head.Length;
    }

    private double Attention(int place, int places) =>
        _isLinear ? places == 1 ? 1 : 1 - place / (places - 1.0) : 1 / Math.Log2(place + 2);
}
