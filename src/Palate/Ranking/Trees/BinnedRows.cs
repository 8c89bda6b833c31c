using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Palate;

/// <summary>The bins of all rows: eight features of a row side by side, so that one read serves eight
/// histograms.</summary>
/// <remarks>The bin of feature f of row r is byte <c>f % 8</c> of <c>Block(f / 8)[r]</c>.</remarks>
internal sealed unsafe class BinnedRows
{
    public const int BlockWidth = 8;
    private readonly ulong[][] _blocks;

    public BinnedRows(RankingDataset data, FeatureBins bins, ParallelOptions parallel)
    {
        Bins = bins;
        Rows = data.Rows;
        Blocks = (data.Features + BlockWidth - 1) / BlockWidth;
        _blocks = new ulong[Blocks][];
        Parallel.For(0, Blocks, parallel, block =>
        {
            ulong[] cells = GC.AllocateArray<ulong>(data.Rows, pinned: true);
            int first = block * BlockWidth;
            for (int feature = first; feature < Math.Min(first + BlockWidth, data.Features); feature++)
            {
                ReadOnlySpan<float> column = data[feature];
                byte* bytes = (byte*)Pointer(cells) + (feature - first);
                new ThresholdSearch(bins.Cuts(feature)).Count(column, bytes, BlockWidth);
                for (int row = 0; row < column.Length; row++)
                {
                    byte* cell = bytes + (nint)row * BlockWidth;
                    *cell = float.IsNaN(column[row]) ? (byte)0 : (byte)(*cell + 1);
                }
            }

            _blocks[block] = cells;
        });
    }

    public FeatureBins Bins { get; }

    public int Rows { get; }

    public int Blocks { get; }

    /// <summary>How many features a block holds; only the last holds fewer than eight.</summary>
    public int Width(int block) => Math.Min(BlockWidth, Bins.Features - block * BlockWidth);

    /// <summary>The cells of a block; valid as long as this object is referenced.</summary>
    public ulong* Block(int block) => Pointer(_blocks[block]);

    private static ulong* Pointer(ulong[] cells) =>
        (ulong*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(cells));
}
