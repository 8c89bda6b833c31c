namespace Palate.Llm;

/// <summary>One bubble pass from back to front for each place at the top, over pairs in both orders.</summary>
/// <remarks>
/// PRP-Sliding-K, Qin et al. 2023, arXiv 2306.17563: at most k (2 n - k - 1) / 2 comparisons of two questions each; a
/// pair that meets again is not asked again. A pass follows the one before it as closely as it can: the comparisons
/// are those of passes run one after the other, in n + 2 k rounds instead of n k.
/// </remarks>
internal sealed class PairwiseSlidingStrategy : Strategy
{
    /// <inheritdoc/>
    public override string Name => "pairwise-sliding";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        Follow(evidence, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence) => Follow(evidence, out _);

    private static int[] Follow(Evidence evidence, out Replay replay)
    {
        replay = new Replay(evidence);
        int[] order = [.. evidence.BaseOrder];

        // The pass before has left all places from this one on behind; the first pass has none before it.
        int behind = 0;
        for (int pass = 0; pass < Math.Min(evidence.Top, order.Length - 1); pass++)
        {
            int reached = order.Length;
            for (int place = order.Length - 1; place > pass && place > behind; place--)
            {
                if (!replay.TryBetter(order[place], order[place - 1], out int winner))
                {
                    break;
                }

                if (winner == order[place])
                {
                    (order[place - 1], order[place]) = (order[place], order[place - 1]);
                }

                reached = place;
            }

            behind = reached;
        }

        return order;
    }
}
