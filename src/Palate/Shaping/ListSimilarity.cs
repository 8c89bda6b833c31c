using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>How alike the candidates of one list are, a row at a time.</summary>
/// <remarks>
/// Symmetric, 1 for a candidate with itself, at most 1, and positive semi-definite, which <see cref="Dpp"/> relies on:
/// the cosine is, and so is Jaccard's index (Gower 1971). Safe to use from any thread.
/// </remarks>
public abstract class ListSimilarity
{
    /// <summary>How many candidates there are.</summary>
    public abstract int Count { get; }

    /// <summary>Writes how alike one candidate is to each.</summary>
    /// <param name="place">The candidate.</param>
    /// <param name="similarities">Receives one number per candidate.</param>
    public abstract void Row(int place, Span<float> similarities);

    /// <summary>No two candidates are alike.</summary>
    public static ListSimilarity None(int count) => new Unlike(count);

    /// <summary>Jaccard's index of the candidates' topics; 0 where one has none.</summary>
    public static ListSimilarity OfTopics(ListTopics topics) => new SharedTopics(topics);

    /// <summary>The cosine of the items' vectors; 0 where one is zero.</summary>
    /// <param name="vectors">The vectors of the catalog's items.</param>
    /// <param name="items">The item of each candidate.</param>
    public static ListSimilarity OfVectors(ItemVectors vectors, ReadOnlySpan<int> items)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return new Cosines(vectors.Data, vectors.Dimensions, vectors.Dimensions, items);
    }

    /// <summary>The cosine of vectors that lie in rows; 0 where one is zero.</summary>
    /// <param name="vectors">Row-major, one row per item of the catalog.</param>
    /// <param name="width">The distance between two rows.</param>
    /// <param name="dimensions">How many numbers of a row count, at most the width.</param>
    /// <param name="items">The item of each candidate; one that has no row is like no other.</param>
    public static ListSimilarity OfVectors(
        ReadOnlySpan<float> vectors, int width, int dimensions, ReadOnlySpan<int> items)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, width);
        return new Cosines(vectors, width, dimensions, items);
    }

    /// <summary>The same candidates in another order.</summary>
    internal ListSimilarity Reordered(int[] order) => new Permuted(this, order);

    private sealed class Permuted(ListSimilarity inner, int[] order) : ListSimilarity
    {
        public override int Count => order.Length;

        public override void Row(int place, Span<float> similarities)
        {
            float[] row = ArrayPool<float>.Shared.Rent(order.Length);
            inner.Row(order[place], row.AsSpan(0, order.Length));
            for (int other = 0; other < order.Length; other++)
            {
                similarities[other] = row[order[other]];
            }

            ArrayPool<float>.Shared.Return(row);
        }
    }

    private sealed class Unlike(int count) : ListSimilarity
    {
        public override int Count => count;

        public override void Row(int place, Span<float> similarities)
        {
            similarities[..count].Clear();
            similarities[place] = 1;
        }
    }

    /// <summary>One bit per topic: a pair costs two population counts per 64 topics of the list.</summary>
    private sealed class SharedTopics : ListSimilarity
    {
        // The bits of candidate p are at p * words.
        private readonly ulong[] _bits;
        private readonly int _words;

        public SharedTopics(ListTopics topics)
        {
            ArgumentNullException.ThrowIfNull(topics);
            Count = topics.Count;
            _words = Math.Max(1, (topics.TopicCount + 63) / 64);
            _bits = new ulong[Count * _words];
            for (int place = 0; place < Count; place++)
            {
                foreach (int topic in topics[place])
                {
                    _bits[place * _words + (topic >> 6)] |= 1UL << (topic & 63);
                }
            }
        }

        public override int Count { get; }

        public override void Row(int place, Span<float> similarities)
        {
            ReadOnlySpan<ulong> own = _bits.AsSpan(place * _words, _words);
            for (int other = 0; other < Count; other++)
            {
                ReadOnlySpan<ulong> others = _bits.AsSpan(other * _words, _words);
                int common = 0;
                int union = 0;
                for (int word = 0; word < own.Length; word++)
                {
                    common += BitOperations.PopCount(own[word] & others[word]);
                    union += BitOperations.PopCount(own[word] | others[word]);
                }

                similarities[other] = union == 0 ? 0 : (float)common / union;
            }

            similarities[place] = 1;
        }
    }

    private sealed class Cosines : ListSimilarity
    {
        // The candidates' vectors, scaled to length 1 and gathered: row p is at p * dimensions.
        private readonly float[] _unit;
        private readonly int _dimensions;

        public Cosines(ReadOnlySpan<float> vectors, int width, int dimensions, ReadOnlySpan<int> items)
        {
            Count = items.Length;
            _dimensions = dimensions;
            _unit = new float[Count * dimensions];
            for (int place = 0; place < Count; place++)
            {
                if ((long)items[place] * width + dimensions <= vectors.Length)
                {
                    Span<float> row = _unit.AsSpan(place * dimensions, dimensions);
                    vectors.Slice(items[place] * width, dimensions).CopyTo(row);
                    ItemVectors.Normalise(row);
                }
            }
        }

        public override int Count { get; }

        public override void Row(int place, Span<float> similarities)
        {
            // similarities [count] = unit [count, dimensions] . own [dimensions]
            ReadOnlySpan<float> own = _unit.AsSpan(place * _dimensions, _dimensions);
            for (int other = 0; other < Count; other++)
            {
                float cosine = TensorPrimitives.Dot(own, _unit.AsSpan(other * _dimensions, _dimensions));
                similarities[other] = Math.Clamp(cosine, -1, 1);
            }

            similarities[place] = 1;
        }
    }
}
