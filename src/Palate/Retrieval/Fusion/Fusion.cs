using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>Merges the proposals of several sources into the candidates of a request, and keeps who proposed what.</summary>
/// <remarks>
/// By reciprocal rank fusion: an item's fused score is the sum over sources of weight / (k + rank). Cormack, Clarke and
/// Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009.
/// The result holds the distinct proposed items, each once, the best <see cref="FusionOptions.Limit"/> of them. The
/// order depends on the proposals alone. Immutable, therefore safe to use from any thread; scratch memory is pooled.
/// </remarks>
public sealed class Fusion
{
    private readonly string[] _sources;
    private readonly int _limit;
    private readonly float _k;
    private readonly float[] _weights;

    /// <summary>A fusion of the named sources.</summary>
    /// <exception cref="ArgumentException">A name appears twice, or an option is wrong.</exception>
    public Fusion(IReadOnlyList<string> sources, FusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        options ??= new FusionOptions();
        options.Validate(sources);
        _sources = [.. sources];
        if (_sources.Distinct(StringComparer.Ordinal).Count() != _sources.Length)
        {
            throw new ArgumentException(
                $"A source appears twice among {string.Join(", ", _sources)}; names must be unique.", nameof(sources));
        }

        _limit = options.Limit;
        _k = options.K;
        _weights = [.. _sources.Select(name => options.Weights.TryGetValue(name, out float weight) ? weight : 1)];
    }

    /// <summary>Merges one request's proposals.</summary>
    /// <param name="proposals">The proposals of all sources, source after source, each source's best first.</param>
    /// <param name="offsets">
    /// Where each source's proposals start: source s has <c>offsets[s] .. offsets[s + 1]</c>; one longer than the sources.
    /// </param>
    /// <returns>The candidates; of an item that a source proposes twice, the first counts.</returns>
    /// <exception cref="ArgumentException">The offsets do not fit, an item is negative or a score is NaN.</exception>
    public CandidateSet Merge(ReadOnlySpan<ScoredItem> proposals, ReadOnlySpan<int> offsets)
    {
        CheckOffsets(proposals.Length, offsets);
        int total = proposals.Length;

        // An open-addressing table, at most half full, of candidate number + 1. It fits the first-level cache for
        // every usual request, which an array over the whole catalog does not.
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * total, 16));
        int[] table = ArrayPool<int>.Shared.Rent(slots);
        int[] integers = ArrayPool<int>.Shared.Rent(4 * total + 2);
        float[] sums = ArrayPool<float>.Shared.Rent(total + 1);
        try
        {
            // candidates [total]: the candidate of each proposal; for a repetition within a source the number total,
            // which is nobody's: what is written there is never read, and the loops need no branch.
            // numbered, last [total + 1]: by candidate + 1, so that number 0 can stand for an empty slot.
            Span<int> candidates = integers.AsSpan(0, total);
            Span<int> order = integers.AsSpan(total, total);
            Span<int> numbered = integers.AsSpan(2 * total, total + 1);
            Span<int> last = integers.AsSpan(3 * total + 1, total + 1);
            int count = Number(proposals, offsets, table.AsSpan(0, slots), candidates, numbered, last);
            Span<int> items = numbered.Slice(1, count);
            Span<float> fused = sums.AsSpan(0, count);
            SumReciprocalRanks(offsets, candidates, sums.AsSpan(0, total + 1));
            SortBest(fused, items, order[..count]);
            return Collect(proposals, offsets, candidates, items, fused, order[..count], last);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(sums);
            ArrayPool<int>.Shared.Return(integers);
            ArrayPool<int>.Shared.Return(table);
        }
    }

    private void CheckOffsets(int total, ReadOnlySpan<int> offsets)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsets.Length, _sources.Length + 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsets[0], 0, nameof(offsets));
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsets[^1], total, nameof(offsets));
        for (int source = 0; source < _sources.Length; source++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(offsets[source + 1], offsets[source], nameof(offsets));
        }
    }

    /// <summary>Numbers the distinct items in the order of their first proposal and returns how many there are.</summary>
    private static int Number(
        ReadOnlySpan<ScoredItem> proposals,
        ReadOnlySpan<int> offsets,
        Span<int> table,
        Span<int> candidates,
        Span<int> items,
        Span<int> last)
    {
        table.Clear();
        last.Clear();
        int mask = table.Length - 1;
        int shift = 32 - BitOperations.Log2((uint)table.Length);
        int count = 0;
        for (int source = 0; source < offsets.Length - 1; source++)
        {
            for (int place = offsets[source]; place < offsets[source + 1]; place++)
            {
                ScoredItem proposal = proposals[place];
                int item = proposal.Item;
                if (item < 0 || float.IsNaN(proposal.Score))
                {
                    throw new ArgumentException(
                        $"Source {source} proposes item {item} with the score {proposal.Score}; "
                        + "items must not be negative and scores must not be NaN.",
                        nameof(proposals));
                }

                // Fibonacci hashing (Knuth, TAOCP 3, 6.4): neighbouring items land far apart. Whether an item is new
                // is a coin toss that no branch predictor wins, so it is computed rather than branched on.
                int slot = (int)((uint)item * 2654435769u >> shift);
                int number = table[slot];
                while ((number != 0) & (items[number] != item))
                {
                    slot = (slot + 1) & mask;
                    number = table[slot];
                }

                int isNew = number == 0 ? 1 : 0;
                count += isNew;
                number += isNew * count;
                table[slot] = number;
                items[number] = item;
                candidates[place] = last[number] == source + 1 ? candidates.Length : number - 1;
                last[number] = source + 1;
            }
        }

        return count;
    }

    // RRF(d) = sum over r of w_r / (k + r(d))   Cormack, Clarke and Buettcher 2009, section 2, with weights
    private void SumReciprocalRanks(ReadOnlySpan<int> offsets, ReadOnlySpan<int> candidates, Span<float> fused)
    {
        fused.Clear();
        for (int source = 0; source < _weights.Length; source++)
        {
            float weight = _weights[source];
            float denominator = _k;
            for (int place = offsets[source]; place < offsets[source + 1]; place++)
            {
                denominator++;
                fused[candidates[place]] += weight / denominator;
            }
        }
    }

    /// <summary>Orders the candidates by fused score descending, then item; only the first limit places are exact.</summary>
    /// <remarks>
    /// One pass deals the candidates into buckets of equal width, the best first; then only the buckets within the
    /// limit are sorted. Subtracting and scaling floats is monotone, so no bucket holds a better score than the one
    /// before it.
    /// </remarks>
    private void SortBest(ReadOnlySpan<float> fused, ReadOnlySpan<int> items, Span<int> order)
    {
        if (order.IsEmpty)
        {
            return;
        }

        const int Buckets = 512;
        float best = TensorPrimitives.Max(fused);
        float scale = best > 1e-30f ? (Buckets - 1) / best : 0;
        Span<int> ends = stackalloc int[Buckets];
        ends.Clear();
        foreach (float score in fused)
        {
            ends[float.ConvertToIntegerNative<int>((best - score) * scale)]++;
        }

        int sum = 0;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            int size = ends[bucket];
            ends[bucket] = sum;
            sum += size;
        }

        for (int candidate = 0; candidate < fused.Length; candidate++)
        {
            order[ends[float.ConvertToIntegerNative<int>((best - fused[candidate]) * scale)]++] = candidate;
        }

        int start = 0;
        for (int bucket = 0; start < _limit && start < order.Length; bucket++)
        {
            // Most buckets hold none or one.
            if (ends[bucket] > start + 1)
            {
                SortRun(order[start..ends[bucket]], fused, items);
            }

            start = ends[bucket];
        }
    }

    private static void SortRun(Span<int> run, ReadOnlySpan<float> fused, ReadOnlySpan<int> items)
    {
        if (run.Length > 32)
        {
            ScoredItem[] keys = new ScoredItem[run.Length];
            for (int place = 0; place < run.Length; place++)
            {
                keys[place] = new ScoredItem(items[run[place]], fused[run[place]]);
            }

            keys.AsSpan().Sort(run, static (a, b) => b.CompareTo(a));
            return;
        }

        for (int place = 1; place < run.Length; place++)
        {
            int moved = run[place];
            float score = fused[moved];
            int target = place;
            while (target > 0
                && (fused[run[target - 1]] < score
                    || (fused[run[target - 1]] == score && items[run[target - 1]] > items[moved])))
            {
                run[target] = run[target - 1];
                target--;
            }

            run[target] = moved;
        }
    }

    private CandidateSet Collect(
        ReadOnlySpan<ScoredItem> proposals,
        ReadOnlySpan<int> offsets,
        ReadOnlySpan<int> candidates,
        ReadOnlySpan<int> items,
        ReadOnlySpan<float> fused,
        ReadOnlySpan<int> order,
        Span<int> positions)
    {
        int count = Math.Min(order.Length, _limit);
        int[] keptItems = new int[count];
        float[] keptFused = new float[count];
        positions.Fill(count);
        for (int place = 0; place < count; place++)
        {
            int candidate = order[place];
            positions[candidate] = place;
            keptItems[place] = items[candidate];
            keptFused[place] = fused[candidate];
        }

        // Rows are one longer than the candidates: what was cut off goes to the end and is not copied, without a branch.
        int[] ranks = GC.AllocateUninitializedArray<int>(_sources.Length * count);
        float[] scores = GC.AllocateUninitializedArray<float>(_sources.Length * count);
        int[] rankRow = ArrayPool<int>.Shared.Rent(count + 1);
        float[] scoreRow = ArrayPool<float>.Shared.Rent(count + 1);
        Span<int> ownRanks = rankRow.AsSpan(0, count + 1);
        Span<float> ownScores = scoreRow.AsSpan(0, count + 1);
        for (int source = 0; source < _sources.Length; source++)
        {
            ownRanks.Clear();
            ownScores.Clear();
            int rank = 0;
            for (int place = offsets[source]; place < offsets[source + 1]; place++)
            {
                int position = positions[candidates[place]];
                ownRanks[position] = ++rank;
                ownScores[position] = proposals[place].Score;
            }

            ownRanks[..count].CopyTo(ranks.AsSpan(source * count));
            ownScores[..count].CopyTo(scores.AsSpan(source * count));
        }

        ArrayPool<int>.Shared.Return(rankRow);
        ArrayPool<float>.Shared.Return(scoreRow);
        return new CandidateSet(_sources, keptItems, keptFused, ranks, scores);
    }
}
