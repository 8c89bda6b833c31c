using System.Globalization;

namespace Palate;

/// <summary>Two groups get the same mean place at the least loss of accuracy.</summary>
/// <remarks>
/// Places count linearly from 1 to 0; the gap is the difference of the groups' mean places, whose absolute value is the
/// mean absolute deviation of LLM4Rerank (Gao et al., WWW 2025). Of all orders that keep the order within each group
/// and whose gap is at most 1 - w of the present one, the one with the greatest DCG at the accurate places is taken:
/// exactly, by dynamic programming over the number and the sum of places that group 1 has had. Candidates of
/// neither group stay where they are. Lists of up to 28 are exact; in longer ones places are rounded, and what that
/// leaves of the gap is taken away from the end of the list. About n m s operations, m of group 1 and s sums (at most
/// 378): some 50 microseconds for 20 candidates, some milliseconds for 100.
/// </remarks>
public sealed class Parity : Shaper
{
    private const int Exact = 28;
    private const int RoundedSum = 150;

    // What a place below the accurate ones counts of one among them: enough that nothing moves without need.
    private const double Tail = 0.01;

    private readonly int _accurate;

    /// <summary>A parity.</summary>
    /// <param name="accurate">At how many places accuracy counts, 1 or more; fairness counts at all that are shaped.</param>
    public Parity(int accurate = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(accurate);
        _accurate = accurate;
    }

    /// <inheritdoc/>
    public override string Name => "parity";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute | ShaperNeeds.Groups;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute | ShaperNeeds.Groups;

    /// <summary>The mean place of group 0 less that of group 1, places counted from 1 to 0; 0 when there is only one.</summary>
    /// <param name="groups">The group of each candidate.</param>
    /// <param name="order">The candidates, best first.</param>
    public static double Gap(ReadOnlySpan<int> groups, ReadOnlySpan<int> order)
    {
        Span<double> sums = stackalloc double[4];
        sums.Clear();
        for (int place = 0; place < order.Length; place++)
        {
            int group = groups[order[place]];
            if (group is 0 or 1)
            {
                sums[2 * group] += order.Length == 1 ? 1 : 1 - place / (order.Length - 1.0);
                sums[2 * group + 1]++;
            }
        }

        return sums[1] > 0 && sums[3] > 0 ? sums[0] / sums[1] - sums[2] / sums[3] : 0;
    }

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.Groups is not { } groups || groups[order[rank]] < 0
            ? "belongs to no group."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"is of group {groups[order[rank]]}; the groups' mean places now differ by {Math.Abs(Gap(groups, order)):0.00}.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        int count = head.Length;
        if (list.Groups is not { } groups || count < 2)
        {
            return 0;
        }

        int[] places = [.. Enumerable.Range(0, count).Where(place => groups[place] is 0 or 1)];
        int[] first = [.. places.Where(place => groups[place] == 0)];
        int[] second = [.. places.Where(place => groups[place] == 1)];
        if (first.Length == 0 || second.Length == 0)
        {
            return 0;
        }

        Plan(list, places, first, second, weight, head);
        return count;
    }

    private void Plan(
        ShapingList list, int[] places, int[] first, int[] second, float weight, Span<int> head)
    {
        // units[t]: the t-th free place in whole units; best[h, s]: the greatest DCG with h of group 1 placed, whose
        // units sum to s; isSecond[t, h, s]: whether the t-th place went to group 1 on the way there.
        int count = head.Length;
        double unit = count <= Exact ? 1 : Math.Max(1, places.Sum() / (double)RoundedSum);
        int[] units = [.. places.Select(place => (int)Math.Round(place / unit))];
        int sums = units.OrderDescending().Take(second.Length).Sum() + 1;
        int width = second.Length + 1;
        double[] best = new double[width * sums];
        double[] next = new double[width * sums];
        bool[] isSecond = new bool[places.Length * width * sums];
        Array.Fill(best, double.NegativeInfinity);
        best[0] = 0;
        for (int t = 0; t < places.Length; t++)
        {
            Array.Fill(next, double.NegativeInfinity);
            double discount = (places[t] < _accurate ? 1 : Tail) / Math.Log2(places[t] + 2);
            for (int h = Math.Max(0, t - first.Length); h <= Math.Min(t, second.Length); h++)
            {
                for (int s = 0; s < sums; s++)
                {
                    double so = best[h * sums + s];
                    if (double.IsNegativeInfinity(so))
                    {
                        continue;
                    }

                    if (t - h < first.Length)
                    {
                        double value = so + discount * list.Relevance[first[t - h]];
                        int to = h * sums + s;
                        if (value > next[to])
                        {
                            next[to] = value;
                            isSecond[t * width * sums + to] = false;
                        }
                    }

                    if (h < second.Length && s + units[t] < sums)
                    {
                        double value = so + discount * list.Relevance[second[h]];
                        int to = (h + 1) * sums + s + units[t];
                        if (value > next[to])
                        {
                            next[to] = value;
                            isSecond[t * width * sums + to] = true;
                        }
                    }
                }
            }

            (best, next) = (next, best);
        }

        // The gap grows with the sum of group 1's places: its mean place falls, and group 0's rises.
        int all = units.Sum();
        double Gap(int s) => (s / (double)second.Length - (all - s) / (double)first.Length) / (count - 1) * unit;
        int present = second.Sum(place => units[Array.IndexOf(places, place)]);
        double allowed = (1 - weight) * Math.Abs(Gap(present)) + 1e-9;
        int chosen = -1;
        for (int s = 0; s < sums; s++)
        {
            double value = best[second.Length * sums + s];
            if (double.IsNegativeInfinity(value))
            {
                continue;
            }

            double gap = Math.Abs(Gap(s));
            double least = chosen < 0 ? double.PositiveInfinity : Math.Abs(Gap(chosen));
            bool isAlike = (gap <= allowed && least <= allowed) || Math.Abs(gap - least) < 1e-9;
            bool isBetter = isAlike ? value > best[second.Length * sums + chosen] : gap < least;
            chosen = isBetter ? s : chosen;
        }

        for (int place = 0; place < count; place++)
        {
            head[place] = place;
        }

        int left = second.Length;
        int sum = chosen;
        for (int t = places.Length - 1; t >= 0; t--)
        {
            bool isSecondHere = isSecond[t * width * sums + left * sums + sum];
            head[places[t]] = isSecondHere ? second[left - 1] : first[t - left];
            sum -= isSecondHere ? units[t] : 0;
            left -= isSecondHere ? 1 : 0;
        }

        if (unit > 1)
        {
            Mend(list.Groups!, places, allowed, head);
        }
    }

    // Neighbours of different groups change places, from the end upwards, as long as that closes the gap.
    private static void Mend(int[] groups, int[] places, double allowed, Span<int> head)
    {
        double gap = Parity.Gap(groups, head);
        bool isMoving = true;
        while (isMoving && Math.Abs(gap) > allowed)
        {
            isMoving = false;
            for (int t = places.Length - 2; t >= 0 && Math.Abs(gap) > allowed; t--)
            {
                (int upper, int lower) = (places[t], places[t + 1]);
                if (groups[head[upper]] != (gap > 0 ? 0 : 1) || groups[head[lower]] == groups[head[upper]])
                {
                    continue;
                }

                (head[upper], head[lower]) = (head[lower], head[upper]);
                double next = Parity.Gap(groups, head);
                if (Math.Abs(next) >= Math.Abs(gap))
                {
                    (head[upper], head[lower]) = (head[lower], head[upper]);
                    continue;
                }

                gap = next;
                isMoving = true;
            }
        }
    }
}
