namespace Palate;

/// <summary>Who interacted with what: a sparse users x items matrix with a value and a time per cell.</summary>
/// <remarks>
/// Compressed rows: the cells of row r are at <c>Offsets[r] .. Offsets[r + 1]</c>, columns ascending, each column once.
/// Immutable by convention: nobody writes to the arrays after construction. Safe to read from any thread.
/// </remarks>
public sealed class InteractionMatrix
{
    /// <summary>A matrix over arrays that the caller gives away.</summary>
    public InteractionMatrix(int rows, int columns, int[] offsets, int[] indices, float[] values, long[] times)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsets.Length, rows + 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(indices.Length, offsets[rows]);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, indices.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Length, indices.Length);
        Rows = rows;
        Columns = columns;
        Offsets = offsets;
        Indices = indices;
        Values = values;
        Times = times;
    }

    /// <summary>Rows: users, unless transposed.</summary>
    public int Rows { get; }

    /// <summary>Columns: items, unless transposed.</summary>
    public int Columns { get; }

    /// <summary>How many cells are filled.</summary>
    public int Count => Indices.Length;

    /// <summary>Where each row starts; <c>Rows + 1</c> long.</summary>
    public int[] Offsets { get; }

    /// <summary>The column of each cell, ascending within a row.</summary>
    public int[] Indices { get; }

    /// <summary>The value of each cell (a rating, a count, or 1).</summary>
    public float[] Values { get; }

    /// <summary>The Unix second of each cell; 0 when unknown.</summary>
    public long[] Times { get; }

    /// <summary>The columns of a row, ascending.</summary>
    public ReadOnlySpan<int> Row(int row) => Indices.AsSpan(Offsets[row], Offsets[row + 1] - Offsets[row]);

    /// <summary>The values of a row, in the order of <see cref="Row"/>.</summary>
    public ReadOnlySpan<float> RowValues(int row) => Values.AsSpan(Offsets[row], Offsets[row + 1] - Offsets[row]);

    /// <summary>The times of a row, in the order of <see cref="Row"/>.</summary>
    public ReadOnlySpan<long> RowTimes(int row) => Times.AsSpan(Offsets[row], Offsets[row + 1] - Offsets[row]);

    /// <summary>How many cells a row has.</summary>
    public int RowCount(int row) => Offsets[row + 1] - Offsets[row];

    /// <summary>Builds a matrix from events in any order; of several events in one cell the latest counts.</summary>
    /// <param name="rows">How many users.</param>
    /// <param name="columns">How many items.</param>
    /// <param name="users">The row of each event.</param>
    /// <param name="items">The column of each event.</param>
    /// <param name="values">The value of each event.</param>
    /// <param name="times">The Unix second of each event; of equal times the later in the list counts.</param>
    public static InteractionMatrix Build(
        int rows,
        int columns,
        ReadOnlySpan<int> users,
        ReadOnlySpan<int> items,
        ReadOnlySpan<float> values,
        ReadOnlySpan<long> times)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(items.Length, users.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, users.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Length, users.Length);

        // Two stable counting sorts, by column and then by row, leave each row with ascending columns.
        int[] byColumn = CountingOrder(items, columns, previous: null);
        int[] order = CountingOrder(users, rows, byColumn);

        int[] offsets = new int[rows + 1];
        int[] indices = new int[order.Length];
        float[] cellValues = new float[order.Length];
        long[] cellTimes = new long[order.Length];
        int count = 0;
        int next = 0;
        for (int row = 0; row < rows; row++)
        {
            int start = count;
            for (; next < order.Length && users[order[next]] == row; next++)
            {
                int source = order[next];
                bool repeats = count > start && indices[count - 1] == items[source];
                if (repeats && cellTimes[count - 1] > times[source])
                {
                    continue;
                }

                int cell = repeats ? count - 1 : count++;
                indices[cell] = items[source];
                cellValues[cell] = values[source];
                cellTimes[cell] = times[source];
            }

            offsets[row + 1] = count;
        }

        Array.Resize(ref indices, count);
        Array.Resize(ref cellValues, count);
        Array.Resize(ref cellTimes, count);
        return new InteractionMatrix(rows, columns, offsets, indices, cellValues, cellTimes);
    }

    /// <summary>The same cells seen from the columns: items x users.</summary>
    public InteractionMatrix Transpose()
    {
        int[] offsets = new int[Columns + 1];
        foreach (int column in Indices)
        {
            offsets[column + 1]++;
        }

        for (int column = 0; column < Columns; column++)
        {
            offsets[column + 1] += offsets[column];
        }

        int[] next = offsets.AsSpan(0, Columns).ToArray();
        int[] indices = new int[Count];
        float[] values = new float[Count];
        long[] times = new long[Count];
        for (int row = 0; row < Rows; row++)
        {
            for (int cell = Offsets[row]; cell < Offsets[row + 1]; cell++)
            {
                int target = next[Indices[cell]]++;
                indices[target] = row;
                values[target] = Values[cell];
                times[target] = Times[cell];
            }
        }

        return new InteractionMatrix(Columns, Rows, offsets, indices, values, times);
    }

    /// <summary>The same matrix without the cells that <paramref name="drop"/> names (by cell number).</summary>
    public InteractionMatrix Without(Func<int, bool> drop)
    {
        ArgumentNullException.ThrowIfNull(drop);
        int[] offsets = new int[Rows + 1];
        var indices = new List<int>(Count);
        var values = new List<float>(Count);
        var times = new List<long>(Count);
        for (int row = 0; row < Rows; row++)
        {
            for (int cell = Offsets[row]; cell < Offsets[row + 1]; cell++)
            {
                if (!drop(cell))
                {
                    indices.Add(Indices[cell]);
                    values.Add(Values[cell]);
                    times.Add(Times[cell]);
                }
            }

            offsets[row + 1] = indices.Count;
        }

        return new InteractionMatrix(Rows, Columns, offsets, [.. indices], [.. values], [.. times]);
    }

    private static int[] CountingOrder(ReadOnlySpan<int> keys, int bound, int[]? previous)
    {
        int[] starts = new int[bound + 1];
        foreach (int key in keys)
        {
            starts[key + 1]++;
        }

        for (int key = 0; key < bound; key++)
        {
            starts[key + 1] += starts[key];
        }

        int[] order = new int[keys.Length];
        for (int place = 0; place < keys.Length; place++)
        {
            int source = previous is null ? place : previous[place];
            order[starts[keys[source]]++] = source;
        }

        return order;
    }
}
