using System.Buffers;
using System.Numerics;

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

        double[] draws = ArrayPool<double>.Shared.Rent(posterior.DrawnRows * Posterior.Draws);
        int[] candidates = posterior.Draw(draws);
        double[] least = new double[Posterior.Draws];
        double[] next = new double[Posterior.Draws];
        Cut(draws, candidates, top, least, next);
        bool[] changed = new bool[Posterior.Draws];
        for (int row = 0; row < candidates.Length; row++)
        {
            int candidate = candidates[row];
            if (candidate < 0)
            {
                continue;
            }

            ReadOnlySpan<double> own = draws.AsSpan(row * Posterior.Draws, Posterior.Draws);
            double mean = posterior.Mean[candidate];
            bool isAnswered = answered[candidate];
            double squares = 0;
            double stake = 0;
            int members = 0;
            for (int draw = 0; draw < own.Length; draw++)
            {
                double utility = own[draw];
                squares += (utility - mean) * (utility - mean);
                bool isMember = utility >= least[draw];
                members += isMember ? 1 : 0;
                if (isMember != isAnswered)
                {
                    changed[draw] = true;
                    stake += isMember ? utility - next[draw] : least[draw] - utility;
                }
            }

            Variance[candidate] = squares;
            Membership[candidate] = members;
            Stake[candidate] = stake;
        }

        ArrayPool<double>.Shared.Return(draws);
        int settled = changed.AsSpan().Count(false);
        Settled = (double)settled / Posterior.Draws;
        for (int candidate = 0; candidate < n; candidate++)
        {
            Membership[candidate] /= Posterior.Draws;
            Stake[candidate] /= Posterior.Draws;
            Variance[candidate] /= Posterior.Draws;
        }
    }

    // The least utility in the top and the largest below it, of each draw: every candidate is let down a ladder of the
    // best so far, a vector of draws at a time.
    private static void Cut(double[] draws, int[] candidates, int top, double[] least, double[] next)
    {
        var best = new Vector<double>[top + 1];
        for (int at = 0; at < Posterior.Draws; at += Vector<double>.Count)
        {
            Array.Fill(best, new Vector<double>(double.NegativeInfinity));
            for (int row = 0; row < candidates.Length; row++)
            {
                if (candidates[row] < 0)
                {
                    continue;
                }

                var falling = new Vector<double>(draws, (row * Posterior.Draws) + at);
                if (Vector.LessThanOrEqualAll(falling, best[top]))
                {
                    continue;
                }

                for (int place = 0; place < best.Length; place++)
                {
                    Vector<double> there = best[place];
                    best[place] = Vector.Max(there, falling);
                    falling = Vector.Min(there, falling);
                }
            }

            best[top - 1].CopyTo(least, at);
            best[top].CopyTo(next, at);
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
