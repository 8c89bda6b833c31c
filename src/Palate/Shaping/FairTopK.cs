using System.Globalization;

namespace Palate;

/// <summary>FA*IR: every beginning of the list holds at least as many of a group as chance would give it.</summary>
/// <remarks>
/// Zehlike et al., "FA*IR: a fair top-k ranking algorithm", CIKM 2017. At place i at least m(i) items must be of the
/// protected group, m(i) being the alpha-quantile of the binomial distribution of i draws with probability p; where it
/// is short of that, its best item comes next, otherwise the best of all. As k such tests would fail more often than
/// one, alpha is adjusted. The weight scales p: a little fairness asks for a small share.
/// </remarks>
public sealed class FairTopK : Shaper
{
    /// <summary>A fair top k.</summary>
    /// <param name="isProtected">
    /// The protected group, 0 or 1; null for the one that the order so far treats worse.
    /// </param>
    /// <param name="share">
    /// The protected group's fair share, above 0 and below 1; null for its share of the candidates.
    /// </param>
    /// <param name="alpha">How improbable an unfair beginning must be before it is mended, above 0 and below 1.</param>
    public FairTopK(int? isProtected = null, double? share = null, double alpha = 0.1)
    {
        if (isProtected is not (null or 0 or 1))
        {
            throw new ArgumentOutOfRangeException(nameof(isProtected), isProtected, "The protected group is 0 or 1.");
        }

        if (share is not (null or (> 0 and < 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The fair share must be above 0 and below 1.");
        }

        if (!(alpha is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(alpha), alpha, "Alpha must be above 0 and below 1, for example 0.1.");
        }

        Protected = isProtected;
        Share = share;
        Alpha = alpha;
    }

    /// <inheritdoc/>
    public override string Name => "fa-ir";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute | ShaperNeeds.Groups;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute | ShaperNeeds.Groups;

    /// <summary>The protected group; null for the one that the order so far treats worse.</summary>
    public int? Protected { get; }

    /// <summary>The protected group's fair share; null for its share of the candidates.</summary>
    public double? Share { get; }

    /// <summary>How improbable an unfair beginning must be before it is mended.</summary>
    public double Alpha { get; }

    /// <summary>How many of the protected group each beginning of a list needs: the table m of the paper.</summary>
    /// <param name="k">How long the list is; 0 or more.</param>
    /// <param name="p">The fair share, 0 to 1.</param>
    /// <param name="alpha">The significance of one test, above 0 and below 1.</param>
    /// <returns>m(1) to m(k).</returns>
    public static int[] Needed(int k, double p, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        int[] needed = new int[k];

        // tail[j] = P(X <= j) for i draws, kept as probabilities of exactly j and grown a draw at a time.
        double[] exactly = new double[k + 1];
        exactly[0] = 1;
        for (int draws = 1; draws <= k; draws++)
        {
            for (int hits = draws; hits > 0; hits--)
            {
                exactly[hits] = exactly[hits] * (1 - p) + exactly[hits - 1] * p;
            }

            exactly[0] *= 1 - p;
            double cumulated = exactly[0];
            int least = 0;
            while (cumulated < alpha && least < draws)
            {
                cumulated += exactly[++least];
            }

            needed[draws - 1] = least;
        }

        return needed;
    }

    /// <summary>How probably a list whose places are drawn fairly breaks a table at any of its places.</summary>
    public static double FailProbability(ReadOnlySpan<int> needed, double p)
    {
        // alive[j] = the probability that every beginning so far held enough, and the last one exactly j.
        double[] alive = new double[needed.Length + 1];
        alive[0] = 1;
        for (int place = 0; place < needed.Length; place++)
        {
            for (int hits = place + 1; hits > 0; hits--)
            {
                alive[hits] = alive[hits] * (1 - p) + alive[hits - 1] * p;
            }

            alive[0] *= 1 - p;
            alive.AsSpan(0, Math.Min(needed[place], alive.Length)).Clear();
        }

        return 1 - alive.Sum();
    }

    /// <summary>The table whose probability to fail a fair list is nearest to alpha.</summary>
    /// <remarks>
    /// The probability is a step function of the adjusted alpha: bisection finds the step, and the nearer side wins.
    /// </remarks>
    public static int[] Adjusted(int k, double p, double alpha)
    {
        int[] high = Needed(k, p, alpha);
        double highFails = FailProbability(high, p);
        if (highFails <= alpha)
        {
            return high;
        }

        (double from, double to) = (0, alpha);
        int[] low = new int[k];
        double lowFails = 0;
        for (int step = 0; step < 50 && !low.AsSpan().SequenceEqual(high); step++)
        {
            double middle = (from + to) / 2;
            int[] needed = Needed(k, p, middle);
            double fails = FailProbability(needed, p);
            if (fails <= alpha)
            {
                (from, low, lowFails) = (middle, needed, fails);
            }
            else
            {
                (to, high, highFails) = (middle, needed, fails);
            }
        }

        return highFails - alpha < alpha - lowFails ? high : low;
    }

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Groups is not { } groups)
        {
            return "belongs to no group.";
        }

        int group = groups[order[rank]];
        int own = 0;
        foreach (int before in order[..rank])
        {
            own += groups[before] == group ? 1 : 0;
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"is of group {group}, of which {own} of {rank} stand before it.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Groups is not { } groups || !groups.Contains(0) || !groups.Contains(1))
        {
            return 0;
        }

        int group = Protected ?? WorseTreated(groups);
        int members = groups.Count(own => own == group);
        double share = weight * (Share ?? (double)members / groups.Count(own => own >= 0));
        int[] needed = Adjusted(head.Length, share, Alpha);
        int nextProtected = 0;
        int next = 0;
        int have = 0;
        bool[] taken = new bool[groups.Length];
        for (int place = 0; place < head.Length; place++)
        {
            while (next < groups.Length && taken[next])
            {
                next++;
            }

            int chosen = next;
            if (have < needed[place] && have < members)
            {
                while (taken[nextProtected] || groups[nextProtected] != group)
                {
                    nextProtected++;
                }

                chosen = nextProtected;
            }

            head[place] = chosen;
            taken[chosen] = true;
            have += groups[chosen] == group ? 1 : 0;
        }

        return head.Length;
    }

    /// <summary>The group whose mean place is further down; group 1 when they are alike.</summary>
    private static int WorseTreated(int[] groups)
    {
        Span<double> sums = stackalloc double[4];
        sums.Clear();
        for (int place = 0; place < groups.Length; place++)
        {
            if (groups[place] >= 0)
            {
                sums[2 * groups[place]] += place;
                sums[2 * groups[place] + 1]++;
            }
        }

        return sums[0] / sums[1] > sums[2] / sums[3] ? 0 : 1;
    }
}
