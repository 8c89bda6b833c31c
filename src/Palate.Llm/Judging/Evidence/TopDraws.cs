using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>What draws from the posterior say of the places at the top.</summary>
internal sealed class TopDraws
{
    /// <summary>Draws, and counts.</summary>
    /// <param name="posterior">What is known.</param>
    /// <param name="order">The candidates, best first, as it would be answered now.</param>
    /// <param name="top">How many places matter.</param>
    public TopDraws(Posterior posterior, IReadOnlyList<int> order, int top)
    {
        int n = order.Count;
        Membership = new double[n];
        Stake = new double[n];
        Variance = new double[n];
        if (n <= top)
        {
            Array.Fill(Membership, 1);
            Settled = 1;
            return;
        }

        bool[] answered = new bool[n];
        for (int place = 0; place < top; place++)
        {
            answered[order[place]] = true;
        }

        int drawn = posterior.DrawnRows * Posterior.Draws;
        double[] room = ArrayPool<double>.Shared.Rent(drawn + (2 * Posterior.Draws));
        Span<double> draws = room.AsSpan(0, drawn);
        Span<double> least = room.AsSpan(drawn, Posterior.Draws);
        Span<double> next = room.AsSpan(drawn + Posterior.Draws, Posterior.Draws);
        int[] candidates = posterior.Draw(draws);
        Cut(draws, candidates, top, least, next);
        Span<Vector<long>> changed = stackalloc Vector<long>[Posterior.Draws / Vector<double>.Count];
        changed.Clear();
        for (int row = 0; row < candidates.Length; row++)
        {
            if (candidates[row] is >= 0 and var candidate)
            {
                ReadOnlySpan<double> own = draws.Slice(row * Posterior.Draws, Posterior.Draws);
                Count(candidate, answered[candidate], posterior.Mean[candidate], own, least, next, changed);
            }
        }

        ArrayPool<double>.Shared.Return(room);
        int settled = MemoryMarshal.Cast<Vector<long>, long>(changed).Count(0);
        Settled = (double)settled / Posterior.Draws;
        for (int candidate = 0; candidate < n; candidate++)
        {
            Membership[candidate] /= Posterior.Draws;
            Stake[candidate] /= Posterior.Draws;
            Variance[candidate] /= Posterior.Draws;
        }
    }

    private void Count(
        int candidate,
        bool isAnswered,
        double mean,
        ReadOnlySpan<double> draws,
        ReadOnlySpan<double> least,
        ReadOnlySpan<double> next,
        Span<Vector<long>> changed)
    {
        Vector<double> squares = Vector<double>.Zero;
        Vector<double> stake = Vector<double>.Zero;
        Vector<long> members = Vector<long>.Zero;
        var middle = new Vector<double>(mean);
        for (int block = 0; block < changed.Length; block++)
        {
            int at = block * Vector<double>.Count;
            var utility = new Vector<double>(draws[at..]);
            Vector<double> off = utility - middle;
            squares += off * off;
            var limit = new Vector<double>(least[at..]);
            Vector<long> isMember = Vector.GreaterThanOrEqual(utility, limit);
            members -= isMember;
            Vector<long> differs = isAnswered ? ~isMember : isMember;
            Vector<double> loss = isAnswered ? limit - utility : utility - new Vector<double>(next[at..]);
            stake += Vector.ConditionalSelect(differs, loss, Vector<double>.Zero);
            changed[block] |= differs;
        }

        Variance[candidate] = Vector.Sum(squares);
        Membership[candidate] = Vector.Sum(members);
        Stake[candidate] = Vector.Sum(stake);
    }

    // The least utility in the top and the largest below it, of each draw: every candidate is let down a ladder of the
    // best so far, two vectors of draws at a time.
    private static void Cut(
        ReadOnlySpan<double> draws, int[] candidates, int top, Span<double> least, Span<double> next)
    {
        int width = Vector<double>.Count;
        Span<Vector<double>> both = top < 32 ? stackalloc Vector<double>[2 * (top + 1)] : new Vector<double>[2 * (top + 1)];
        Span<Vector<double>> left = both[..(top + 1)];
        Span<Vector<double>> right = both[(top + 1)..];
        for (int at = 0; at < Posterior.Draws; at += 2 * width)
        {
            int filled = 0;
            for (int row = 0; row < candidates.Length; row++)
            {
                if (candidates[row] < 0)
                {
                    continue;
                }

                var one = new Vector<double>(draws[((row * Posterior.Draws) + at)..]);
                var two = new Vector<double>(draws[((row * Posterior.Draws) + at + width)..]);
                for (int place = 0; place < filled; place++)
                {
                    Vector<double> there = left[place];
                    left[place] = Vector.Max(there, one);
                    one = Vector.Min(there, one);
                    there = right[place];
                    right[place] = Vector.Max(there, two);
                    two = Vector.Min(there, two);
                }

                if (filled <= top)
                {
                    left[filled] = one;
                    right[filled++] = two;
                }
            }

            left[top - 1].CopyTo(least[at..]);
            right[top - 1].CopyTo(least[(at + width)..]);
            left[top].CopyTo(next[at..]);
            right[top].CopyTo(next[(at + width)..]);
        }
    }

    /// <summary>How probable each candidate is among the true top.</summary>
    public double[] Membership { get; }

    /// <summary>The expected loss of utility from having each candidate on the wrong side of the cut.</summary>
    public double[] Stake { get; }

    /// <summary>The variance of each candidate's utility; 0 when there is no cut.</summary>
    public double[] Variance { get; }

    /// <summary>How probable the answered top is the true one, as a set.</summary>
    public double Settled { get; }
}
