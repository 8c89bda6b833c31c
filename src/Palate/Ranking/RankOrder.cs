namespace Palate;

/// <summary>Sorts rows by score descending, then row ascending, as integers: score bits above, row below.</summary>
internal static class RankOrder
{
    /// <summary>Writes the sorted keys of all scores.</summary>
    public static void Sort(ReadOnlySpan<float> scores, Span<ulong> keys)
    {
        for (int row = 0; row < scores.Length; row++)
        {
            // Flipping the bits of a float this way makes its order the order of unsigned integers, here descending.
            int bits = BitConverter.SingleToInt32Bits(scores[row] + 0f);
            uint ascending = bits < 0 ? ~(uint)bits : (uint)bits | 0x80000000;
            keys[row] = (ulong)~ascending << 32 | (uint)row;
        }

        keys[..scores.Length].Sort();
    }

    /// <summary>The row of a key.</summary>
    public static int Row(ulong key) => (int)(uint)key;
}
