namespace Palate;

/// <summary>Takes some interactions of every user away, so that models fitted on the rest can be asked for them.</summary>
internal static class HoldOut
{
    /// <summary>Users with fewer interactions than this keep all of them.</summary>
    public const int MinHistory = 3;

    /// <summary>Splits a matrix into what models may see and, per user, the items that were taken away.</summary>
    /// <param name="matrix">Users x items.</param>
    /// <param name="perUser">How many to take of each user, at most.</param>
    /// <param name="kind">Which ones.</param>
    /// <param name="seed">Decides the random ones.</param>
    /// <param name="share">The share of a user's history that is taken, at most.</param>
    /// <returns>The reduced matrix, and the taken items of each user, ascending.</returns>
    public static (InteractionMatrix Left, int[][] Taken) Take(
        InteractionMatrix matrix, int perUser, HoldOutKind kind, ulong seed, float share = 1 / 3f)
    {
        var random = new SeededRandom(seed);
        bool[] isTaken = new bool[matrix.Count];
        int[][] taken = new int[matrix.Rows][];
        for (int user = 0; user < matrix.Rows; user++)
        {
            int start = matrix.Offsets[user];
            int length = matrix.RowCount(user);
            int[] cells = new int[length];
            for (int place = 0; place < length; place++)
            {
                cells[place] = start + place;
            }

            if (kind == HoldOutKind.Random)
            {
                random.Shuffle<int>(cells);
            }
            else
            {
                Array.Sort(cells, (a, b) => (matrix.Times[b], b).CompareTo((matrix.Times[a], a)));
            }

            int count = length < MinHistory ? 0 : Math.Min(perUser, (int)(length * share));
            taken[user] = new int[count];
            for (int place = 0; place < count; place++)
            {
                isTaken[cells[place]] = true;
                taken[user][place] = matrix.Indices[cells[place]];
            }

            Array.Sort(taken[user]);
        }

        return (matrix.Without(cell => isTaken[cell]), taken);
    }
}
