namespace Palate;

/// <summary>The candidates of one request, column by column, with what each source said about them.</summary>
/// <remarks>
/// Ordered by fused score descending, then item ascending; each item once. Per-source values are flat:
/// source s of candidate c is at <c>s * Count + c</c>. Immutable by convention, therefore safe to read from any thread.
/// </remarks>
public sealed class CandidateSet
{
    internal CandidateSet(IReadOnlyList<string> sources, int[] items, float[] fused, int[] ranks, float[] scores)
    {
        Sources = sources;
        Items = items;
        Fused = fused;
        Ranks = ranks;
        Scores = scores;
    }

    /// <summary>The names of the sources; a source's place here is its number.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>How many candidates there are.</summary>
    public int Count => Items.Length;

    /// <summary>The item of each candidate.</summary>
    public int[] Items { get; }

    /// <summary>The merged score of each candidate.</summary>
    public float[] Fused { get; }

    /// <summary>The 1-based rank that each source gave, 0 where it did not propose; see the remarks for the layout.</summary>
    public int[] Ranks { get; }

    /// <summary>The raw score that each source gave, 0 where it did not propose; see the remarks for the layout.</summary>
    public float[] Scores { get; }

    /// <summary>The rank that one source gave to each candidate, 1-based; 0 where it did not propose.</summary>
    public ReadOnlySpan<int> RanksOf(int source) => Ranks.AsSpan(source * Count, Count);

    /// <summary>The raw score that one source gave to each candidate; 0 where it did not propose.</summary>
    public ReadOnlySpan<float> ScoresOf(int source) => Scores.AsSpan(source * Count, Count);

    /// <summary>The same with items that no source proposed, after all others.</summary>
    /// <param name="items">Item indices, ascending; those that are candidates already change nothing.</param>
    internal CandidateSet With(ReadOnlySpan<int> items)
    {
        var added = new List<int>();
        foreach (int item in items)
        {
            if (!Items.Contains(item))
            {
                added.Add(item);
            }
        }

        if (added.Count == 0)
        {
            return this;
        }

        int count = Count + added.Count;
        float[] fused = new float[count];
        Fused.CopyTo(fused, 0);
        fused.AsSpan(Count).Fill(Count == 0 ? 0 : MathF.BitDecrement(Fused[^1]));
        int[] ranks = new int[Sources.Count * count];
        float[] scores = new float[Sources.Count * count];
        for (int source = 0; source < Sources.Count; source++)
        {
            RanksOf(source).CopyTo(ranks.AsSpan(source * count));
            ScoresOf(source).CopyTo(scores.AsSpan(source * count));
        }

        return new CandidateSet(Sources, [.. Items, .. added], fused, ranks, scores);
    }

    /// <summary>How many sources proposed a candidate.</summary>
    public int Proposers(int candidate)
    {
        int proposers = 0;
        for (int source = 0; source < Sources.Count; source++)
        {
            proposers += Ranks[source * Count + candidate] > 0 ? 1 : 0;
        }

        return proposers;
    }
}
