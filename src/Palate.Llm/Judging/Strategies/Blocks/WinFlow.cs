namespace Palate.Llm;

/// <summary>Puts the orders of overlapping blocks together: who is beaten passes his weight to those who beat him.</summary>
/// <remarks>
/// PageRank (Page et al. 1999) with damping .85 over edges from loser to winner, the aggregation of JointRank. A
/// question that failed makes no edges.
/// </remarks>
internal static class WinFlow
{
    private const double Damping = 0.85;
    private const int Steps = 50;

    /// <summary>All candidates, heaviest first, equal weights in base order.</summary>
    public static int[] Order(Evidence evidence, IEnumerable<Question> blocks)
    {
        int n = evidence.Candidates;
        var beatenBy = new List<int>[n];
        for (int candidate = 0; candidate < n; candidate++)
        {
            beatenBy[candidate] = [];
        }

        foreach (Question block in blocks)
        {
            if (evidence.Answer(block) is { } judgment)
            {
                AddEdges(judgment, beatenBy);
            }
        }

        double[] weight = Weigh(beatenBy);

        // Sums in another order differ in the last bits; such weights are equal.
        return [.. evidence.BaseOrder.OrderByDescending(candidate => Math.Round(weight[candidate] * n, 9))];
    }

    private static void AddEdges(Judgment judgment, List<int>[] beatenBy)
    {
        var rest = new HashSet<int>(judgment.Question.Candidates);
        if (!judgment.IsOrdered)
        {
            rest.ExceptWith(judgment.Named);
        }

        foreach (int winner in judgment.Named)
        {
            rest.Remove(winner);
            foreach (int loser in rest)
            {
                beatenBy[loser].Add(winner);
            }
        }
    }

    private static double[] Weigh(List<int>[] beatenBy)
    {
        int n = beatenBy.Length;
        double[] weight = new double[n];
        Array.Fill(weight, 1.0 / n);
        for (int step = 0; step < Steps; step++)
        {
            double[] next = new double[n];
            double free = 0;
            for (int loser = 0; loser < n; loser++)
            {
                // Who was never beaten gives his weight to all.
                if (beatenBy[loser].Count == 0)
                {
                    free += weight[loser];
                    continue;
                }

                foreach (int winner in beatenBy[loser])
                {
                    next[winner] += Damping * weight[loser] / beatenBy[loser].Count;
                }
            }

            double all = (1 - Damping + Damping * free) / n;
            for (int candidate = 0; candidate < n; candidate++)
            {
                next[candidate] += all;
            }

            weight = next;
        }

        return weight;
    }
}
