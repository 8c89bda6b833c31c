namespace Palate;

/// <summary>A sparse item x item matrix: what each item of a history adds to the scores of some other items.</summary>
/// <remarks>
/// Immutable. Row i is at <c>offsets[i] .. offsets[i + 1]</c>, targets ascending, each once, never i itself.
/// </remarks>
internal sealed class NeighbourLists
{
    private const int TargetsPerPiece = 16;
    private readonly int[] _offsets;
    private readonly int[] _targets;
    private readonly float[] _weights;

    private NeighbourLists(int[] offsets, int[] targets, float[] weights)
    {
        _offsets = offsets;
        _targets = targets;
        _weights = weights;
    }

    public int Items => _offsets.Length - 1;

    /// <summary>
    /// Keeps for every target the <paramref name="neighbours"/> sources with the largest positive weights.
    /// </summary>
    /// <param name="items">How many items.</param>
    /// <param name="neighbours">How many sources a target keeps at most.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="fill">Writes the weight of every source for a target; the span arrives zeroed.</param>
    /// <param name="stop">Cancels.</param>
    public static NeighbourLists Build(
        int items, int neighbours, int threads, Action<int, Span<float>> fill, CancellationToken stop)
    {
        var lists = new ScoredItem[items][];
        Workers.Run((items + TargetsPerPiece - 1) / TargetsPerPiece, threads, FillPiece, stop);

        // Counting sort from lists by target to rows by source; targets arrive in ascending order.
        int[] offsets = new int[items + 1];
        foreach (ScoredItem[] list in lists)
        {
            foreach (ScoredItem source in list)
            {
                offsets[source.Item + 1]++;
            }
        }

        for (int item = 0; item < items; item++)
        {
            offsets[item + 1] += offsets[item];
        }

        int[] next = offsets.AsSpan(0, items).ToArray();
        int[] targets = new int[offsets[items]];
        float[] weights = new float[offsets[items]];
        for (int target = 0; target < items; target++)
        {
            foreach (ScoredItem source in lists[target])
            {
                int place = next[source.Item]++;
                targets[place] = target;
                weights[place] = source.Score;
            }
        }

        return new NeighbourLists(offsets, targets, weights);

        void FillPiece(int piece)
        {
            float[] weights = new float[items];
            var best = new ScoredItem[Math.Min(neighbours, items)];
            int end = Math.Min(items, (piece + 1) * TargetsPerPiece);
            for (int target = piece * TargetsPerPiece; target < end; target++)
            {
                stop.ThrowIfCancellationRequested();
                weights.AsSpan().Clear();
                fill(target, weights);
                weights[target] = 0;
                int count = TopK.Select(weights, best);
                while (count > 0 && !(best[count - 1].Score > 0))
                {
                    count--;
                }

                lists[target] = best[..count];
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static NeighbourLists Load(BinaryReader reader, string model)
    {
        int[] offsets = ModelFile.ReadArray<int>(reader, model);
        int[] targets = ModelFile.ReadArray<int>(reader, model);
        float[] weights = ModelFile.ReadFinite(reader, model);
        bool sound = offsets.Length > 0 && offsets[0] == 0 && offsets[^1] == targets.Length
            && weights.Length == targets.Length;
        for (int item = 1; sound && item < offsets.Length; item++)
        {
            sound = offsets[item - 1] <= offsets[item];
        }

        foreach (int target in targets)
        {
            sound &= target >= 0 && target < offsets.Length - 1;
        }

        ModelFile.Check(sound, model, "its lists of neighbours do not fit together");
        return new NeighbourLists(offsets, targets, weights);
    }

    public void Save(BinaryWriter writer)
    {
        writer.WriteArray<int>(_offsets);
        writer.WriteArray<int>(_targets);
        writer.WriteArray<float>(_weights);
    }

    /// <summary>scores [target] += the sum over the history of value x weight [item, target].</summary>
    /// <param name="history">Item indices.</param>
    /// <param name="values">A value per item of the history, or empty for 1 each.</param>
    /// <param name="scores">One per item.</param>
    public void AddScores(ReadOnlySpan<int> history, ReadOnlySpan<float> values, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, Items);
        for (int place = 0; place < history.Length; place++)
        {
            int start = _offsets[history[place]];
            int length = _offsets[history[place] + 1] - start;
            ReadOnlySpan<int> targets = _targets.AsSpan(start, length);
            ReadOnlySpan<float> weights = _weights.AsSpan(start, length);
            float value = values.IsEmpty ? 1 : values[place];
            for (int target = 0; target < targets.Length; target++)
            {
                scores[targets[target]] += value * weights[target];
            }
        }
    }

    /// <summary>The weight of an item of the history for a candidate; 0 when the pair is not stored.</summary>
    public float Weight(int from, int to)
    {
        int start = _offsets[from];
        int place = _targets.AsSpan(start, _offsets[from + 1] - start).BinarySearch(to);
        return place < 0 ? 0 : _weights[start + place];
    }
}
