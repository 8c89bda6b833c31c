namespace Palate.Llm;

/// <summary>Heapsort over pairs, each in both orders, until the top places are filled.</summary>
/// <remarks>
/// PRP-Sorting, Qin et al. 2023, arXiv 2306.17563, with a binary heap as in ielab/llm-rankers: about 210 to 240
/// comparisons of two questions each for the top 10 of 100.
/// </remarks>
internal sealed class PairwiseHeapsortStrategy : Strategy
{
    /// <inheritdoc/>
    public override string Name => "pairwise-heapsort";

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
        var pairs = new Replay(evidence);
        replay = pairs;
        return Heapsort.Order(evidence, children: 2, Champion);

        bool Champion(IReadOnlyList<int> family, out int best)
        {
            best = family[0];
            for (int child = 1; child < family.Count; child++)
            {
                if (!pairs.TryBetter(family[child], best, out best))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
