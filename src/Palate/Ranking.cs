using System.Buffers;

namespace Palate;

/// <summary>The candidates of a request in their current order, with what every stage so far said of each.</summary>
/// <remarks>
/// A stage makes a new ranking of the same candidates: it can reorder, and cannot add or drop (law 1). Immutable, the
/// arrays by convention, therefore safe to read from any thread.
/// </remarks>
public sealed class Ranking
{
    private Ranking(CandidateSet candidates, int[] order, IReadOnlyList<RankingStage> stages)
    {
        Candidates = candidates;
        Order = order;
        Stages = stages;
    }

    /// <summary>The candidates; a candidate's number is its place in this set.</summary>
    public CandidateSet Candidates { get; }

    /// <summary>Candidate numbers, best first.</summary>
    public int[] Order { get; }

    /// <summary>The stages that ran, in their order.</summary>
    public IReadOnlyList<RankingStage> Stages { get; }

    /// <summary>The ranking that retrieval leaves: by fused score.</summary>
    public static Ranking OfCandidates(CandidateSet candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        int[] order = new int[candidates.Count];
        for (int place = 0; place < order.Length; place++)
        {
            order[place] = place;
        }

        return new Ranking(candidates, order, [new RankingStage("retrieve", candidates.Fused)]);
    }

    /// <summary>The ranking after a stage gave every candidate a score.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="scores">One per candidate, in the order of the candidate set; given away by the caller.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public Ranking After(string stage, float[] scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, Candidates.Count);
        int[] order = new int[scores.Length];
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(scores.Length);
        Span<ulong> keys = rented.AsSpan(0, scores.Length);
        for (int candidate = 0; candidate < scores.Length; candidate++)
        {
            if (float.IsNaN(scores[candidate]))
            {
                throw new ArgumentException(
                    $"The stage '{stage}' scored item {Candidates.Items[candidate]} with NaN; scores must be numbers.",
                    nameof(scores));
            }

            keys[candidate] = TopK.Key(scores[candidate], Candidates.Items[candidate]);
        }

        KeyOrder.Descending(keys, order);
        ArrayPool<ulong>.Shared.Return(rented);
        return new Ranking(Candidates, order, [.. Stages, new RankingStage(stage, scores)]);
    }

    /// <summary>Scores that put some candidates above all others, which keep their order below them.</summary>
    /// <param name="chosen">The numbers of the candidates that were judged.</param>
    /// <param name="scores">What each of them got, in the same order, finite.</param>
    /// <returns>A score per candidate: 1 to 2 for the chosen, 0 to below 1 for the others.</returns>
    public float[] Lift(ReadOnlySpan<int> chosen, ReadOnlySpan<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, chosen.Length);
        float[] lifted = new float[Order.Length];
        for (int place = 0; place < Order.Length; place++)
        {
            lifted[Order[place]] = 1 - ((place + 1f) / (Order.Length + 1f));
        }

        float[] normalised = Normaliser.Apply(Normalisation.MinMax, scores);
        for (int place = 0; place < chosen.Length; place++)
        {
            lifted[chosen[place]] = 1 + normalised[place];
        }

        return lifted;
    }
}
