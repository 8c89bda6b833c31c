namespace Palate;

/// <summary>A sparse matrix by rows: the cells of row r are at <c>Offsets[r] .. Offsets[r + 1]</c>.</summary>
internal sealed record SparseRows(int Columns, int[] Offsets, int[] Indices, float[] Values)
{
    public int Rows => Offsets.Length - 1;

    public SparseRows Transpose()
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
        int[] indices = new int[Indices.Length];
        float[] values = new float[Values.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int cell = Offsets[row]; cell < Offsets[row + 1]; cell++)
            {
                int target = next[Indices[cell]]++;
                indices[target] = row;
                values[target] = Values[cell];
            }
        }

        return new SparseRows(Rows, offsets, indices, values);
    }
}
