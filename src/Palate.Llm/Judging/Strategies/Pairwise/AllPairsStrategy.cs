namespace Palate.Llm;

/// <summary>Every pair in both orders: n (n - 1) questions in one round.</summary>
/// <remarks>
/// PRP-Allpair, Qin et al. 2023, arXiv 2306.17563: a win in both orders is a point, a contradiction half a point for
/// each. The dearest method there is; a yardstick.
/// </remarks>
internal sealed class AllPairsStrategy : Strategy
{
    /// <inheritdoc/>
    public override string Name => "pairwise-all";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        Follow(evidence, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence)
    {
        double[] points = Follow(evidence, out _);
        return [.. evidence.BaseOrder.OrderByDescending(candidate => points[candidate])];
    }

    private static double[] Follow(Evidence evidence, out Replay replay)
    {
        replay = new Replay(evidence);
        double[] points = new double[evidence.Candidates];
        for (int above = 0; above < evidence.Candidates; above++)
        {
            for (int below = above + 1; below < evidence.Candidates; below++)
            {
                (int first, int second) = (evidence.BaseOrder[above], evidence.BaseOrder[below]);
                if (!replay.TryPair(first, second, out int? winner))
                {
                    continue;
                }

                if (winner is { } sure)
                {
                    points[sure]++;
                }
                else
                {
                    points[first] += 0.5;
                    points[second] += 0.5;
                }
            }
        }

        return points;
    }
}
