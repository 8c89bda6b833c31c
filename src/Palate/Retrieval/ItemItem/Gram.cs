namespace Palate;

/// <summary>The Gram matrix of an interaction matrix: how often two items occur with the same user.</summary>
internal static class Gram
{
    private const int ItemsPerPiece = 16;

    /// <summary>G [items, items] = X'WX with W = diag(w), row-major and symmetric.</summary>
    /// <param name="matrix">X: users x items.</param>
    /// <param name="useValues">Whether a cell weighs its value; otherwise it weighs 1.</param>
    /// <param name="userWeights">w: what each user counts.</param>
    /// <param name="threads">How many threads; each row of G is the work of one of them.</param>
    /// <param name="stop">Cancels.</param>
    /// <remarks>Costs one addition per user and pair of items in the user's row, and items x items x 4 bytes.</remarks>
    public static float[] Build(InteractionMatrix matrix, bool useValues, float[] userWeights, int threads, CancellationToken stop)
    {
        int n = matrix.Columns;
        if ((long)n * n > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A model of {n} x {n} item weights does not fit in memory; use it for up to 46,000 items.",
                nameof(matrix));
        }

        InteractionMatrix byItem = matrix.Transpose();
        float[] gram = new float[n * n];
        int pieces = (n + ItemsPerPiece - 1) / ItemsPerPiece;
        Workers.Run(pieces, threads, piece => FillRows(piece), stop);
        SpdInverse.Mirror(gram, n);
        return gram;

        void FillRows(int piece)
        {
            int end = Math.Min(n, (piece + 1) * ItemsPerPiece);
            for (int item = piece * ItemsPerPiece; item < end; item++)
            {
                Span<float> row = gram.AsSpan(item * n, item + 1);
                ReadOnlySpan<int> users = byItem.Row(item);
                ReadOnlySpan<float> own = byItem.RowValues(item);
                for (int place = 0; place < users.Length; place++)
                {
                    // Columns are ascending, so the lower triangle ends at the item itself.
                    ReadOnlySpan<int> others = matrix.Row(users[place]);
                    float weight = userWeights[users[place]];
                    if (useValues)
                    {
                        ReadOnlySpan<float> values = matrix.RowValues(users[place]);
                        float value = own[place] * weight;
                        for (int other = 0; other < others.Length && others[other] <= item; other++)
                        {
                            row[others[other]] += value * values[other];
                        }
                    }
                    else
                    {
                        for (int other = 0; other < others.Length && others[other] <= item; other++)
                        {
                            row[others[other]] += weight;
                        }
                    }
                }
            }
        }
    }

    /// <summary>What each user counts: (interactions / mean interactions)^-exponent; 1 without interactions.</summary>
    public static float[] UserWeights(InteractionMatrix matrix, float exponent)
    {
        float[] weights = new float[matrix.Rows];
        int active = Enumerable.Range(0, matrix.Rows).Count(user => matrix.RowCount(user) > 0);
        float mean = (float)matrix.Count / Math.Max(1, active);
        for (int user = 0; user < weights.Length; user++)
        {
            int count = matrix.RowCount(user);
            weights[user] = exponent == 0 || count == 0 ? 1 : MathF.Pow(count / mean, -exponent);
        }

        return weights;
    }
}
