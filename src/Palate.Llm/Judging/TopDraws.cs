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

        double[] draws = posterior.Draw();
        double[] sorted = new double[n];
        int settled = 0;
        for (int draw = 0; draw < Posterior.Draws; draw++)
        {
            ReadOnlySpan<double> row = draws.AsSpan(draw * n, n);
            row.CopyTo(sorted);
            Array.Sort(sorted);
            double least = sorted[n - top];
            double next = sorted[n - top - 1];
            bool same = true;
            for (int candidate = 0; candidate < n; candidate++)
            {
                double off = row[candidate] - posterior.Mean[candidate];
                Variance[candidate] += off * off;
                bool member = row[candidate] >= least;
                Membership[candidate] += member ? 1 : 0;
                if (member != answered[candidate])
                {
                    same = false;
                    Stake[candidate] += member ? row[candidate] - next : least - row[candidate];
                }
            }

            settled += same ? 1 : 0;
        }

        Settled = (double)settled / Posterior.Draws;
        for (int candidate = 0; candidate < n; candidate++)
        {
            Membership[candidate] /= Posterior.Draws;
            Stake[candidate] /= Posterior.Draws;
            Variance[candidate] /= Posterior.Draws;
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
