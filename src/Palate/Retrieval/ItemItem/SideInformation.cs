using System.Numerics.Tensors;

namespace Palate;

/// <summary>What two items have in common beside their users: time, values and texts; added to a Gram matrix.</summary>
internal static class SideInformation
{
    private const int ItemsPerPiece = 16;

    // Means of values are drawn to the mean of all as if each item had this many interactions more.
    private const float PriorCount = 5;

    /// <summary>Adds what the options give a weight to.</summary>
    /// <param name="gram">G [items, items], row-major.</param>
    /// <param name="matrix">Users x items.</param>
    /// <param name="options">The weights.</param>
    /// <param name="userWeights">What each user counts.</param>
    /// <param name="texts">The vectors of the items' texts, or null.</param>
    /// <param name="threads">How many threads; each row of G is the work of one of them.</param>
    /// <param name="stop">Cancels.</param>
    public static void Add(
        float[] gram,
        InteractionMatrix matrix,
        EaseOptions options,
        float[] userWeights,
        ItemVectors? texts,
        int threads,
        CancellationToken stop)
    {
        int n = matrix.Columns;
        int pieces = (n + ItemsPerPiece - 1) / ItemsPerPiece;
        bool pairs = (options.SessionWeight > 0 || options.ValueWeight > 0) && matrix.Count > 0;
        if (pairs)
        {
            var cells = new Cells(matrix);
            Workers.Run(pieces, threads, piece => ForEachItem(piece, item => AddPairs(item, cells, options, userWeights, gram)), stop);
        }

        if (options.TextWeight > 0 && texts is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(texts.Count, n, nameof(texts));
            Workers.Run(pieces, threads, piece => ForEachItem(piece, item => AddTexts(item, texts, options, gram)), stop);
        }

        void ForEachItem(int piece, Action<int> add)
        {
            for (int item = piece * ItemsPerPiece; item < Math.Min(n, (piece + 1) * ItemsPerPiece); item++)
            {
                add(item);
            }
        }
    }

    private static void AddPairs(int item, Cells cells, EaseOptions options, float[] userWeights, float[] gram)
    {
        int n = cells.ByUser.Columns;
        Span<float> row = gram.AsSpan(item * n, n);
        InteractionMatrix byItem = cells.ByItem;
        for (int cell = byItem.Offsets[item]; cell < byItem.Offsets[item + 1]; cell++)
        {
            int user = byItem.Indices[cell];
            long time = byItem.Times[cell];
            float session = time > 0 ? userWeights[user] * options.SessionWeight : 0;
            float value = userWeights[user] * options.ValueWeight * (byItem.Values[cell] - cells.Means[item]);
            ReadOnlySpan<int> others = cells.ByUser.Row(user);
            ReadOnlySpan<long> times = cells.ByUser.RowTimes(user);
            ReadOnlySpan<float> deviations =
                cells.Deviations.AsSpan(cells.ByUser.Offsets[user], others.Length);
            for (int other = 0; other < others.Length; other++)
            {
                float near = times[other] > 0 ? session / (1 + Math.Abs(time - times[other]) / options.SessionScale) : 0;
                row[others[other]] += near + value * deviations[other];
            }
        }
    }

    private static void AddTexts(int item, ItemVectors texts, EaseOptions options, float[] gram)
    {
        float[] cosines = new float[texts.Count];
        VectorScan.Scores(texts[item], texts.Data, cosines);
        Span<float> row = gram.AsSpan(item * texts.Count, texts.Count);
        TensorPrimitives.MultiplyAdd(cosines, options.TextWeight, row, row);
    }

    /// <summary>The matrix from both sides, with each value's deviation from its item's mean.</summary>
    private sealed class Cells
    {
        public Cells(InteractionMatrix matrix)
        {
            ByUser = matrix;
            ByItem = matrix.Transpose();
            float mean = TensorPrimitives.Sum<float>(matrix.Values) / matrix.Count;
            Means = new float[matrix.Columns];
            for (int item = 0; item < Means.Length; item++)
            {
                ReadOnlySpan<float> values = ByItem.RowValues(item);
                Means[item] = (TensorPrimitives.Sum(values) + PriorCount * mean) / (values.Length + PriorCount);
            }

            Deviations = new float[matrix.Count];
            for (int cell = 0; cell < Deviations.Length; cell++)
            {
                Deviations[cell] = matrix.Values[cell] - Means[matrix.Indices[cell]];
            }
        }

        public InteractionMatrix ByUser { get; }

        public InteractionMatrix ByItem { get; }

        public float[] Means { get; }

        public float[] Deviations { get; }
    }
}
