using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Sums of gradients, second derivatives and rows per bin: four floats per bin (g, h, count, 0).</summary>
/// <remarks>
/// Single precision is enough because long sums are cut into pieces (see <see cref="Piece"/>), and because the larger
/// sibling, never the smaller, is what a subtraction yields: the error stays within a few units of the last place of
/// it.
/// </remarks>
internal static unsafe class GradientHistogram
{
    /// <summary>Floats per bin.</summary>
    public const int Lanes = 4;

    /// <summary>Rows that are summed up before their sum is added to the rest.</summary>
    public const int Piece = 1 << 14;

    /// <summary>Adds rows to the histograms of up to eight features.</summary>
    /// <param name="cells">The bins of all rows, eight bytes each.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="pairs">Gradient and second derivative of each of the rows.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="starts">The first float of each feature's histogram.</param>
    /// <param name="width">How many features.</param>
    public static void Add(ulong* cells, int* rows, float* pairs, int count, float** starts, int width)
    {
        if (width == BinnedRows.BlockWidth)
        {
            AddEight(cells, rows, pairs, count, starts);
            return;
        }

        for (int place = 0; place < count; place++)
        {
            ulong cell = cells[rows[place]];
            Vector128<float> value = Value(pairs + 2 * place);
            for (int feature = 0; feature < width; feature++)
            {
                Accumulate((byte*)(starts[feature] + (cell & 0xFF) * Lanes), 0, value);
                cell >>= 8;
            }
        }
    }

    /// <summary>Takes the child's sums from the parent's, which leaves the sibling's.</summary>
    public static void Subtract(float* parent, float* child, int floats)
    {
        for (int place = 0; place < floats; place += 4)
        {
            Vector128.Store(Vector128.Load(parent + place) - Vector128.Load(child + place), parent + place);
        }
    }

    /// <summary>Adds a histogram to another.</summary>
    public static void AddTo(float* target, float* source, int floats)
    {
        for (int place = 0; place < floats; place += 4)
        {
            Vector128.Store(Vector128.Load(target + place) + Vector128.Load(source + place), target + place);
        }
    }

    private static void AddEight(ulong* cells, int* rows, float* pairs, int count, float** starts)
    {
        byte* h0 = (byte*)starts[0];
        byte* h1 = (byte*)starts[1];
        byte* h2 = (byte*)starts[2];
        byte* h3 = (byte*)starts[3];
        byte* h4 = (byte*)starts[4];
        byte* h5 = (byte*)starts[5];
        byte* h6 = (byte*)starts[6];
        byte* h7 = (byte*)starts[7];
        for (int place = 0; place < count; place++)
        {
            // A bin takes 16 bytes: its number is shifted to its byte offset in one step with taking it out of the
            // cell.
            ulong cell = cells[rows[place]];
            Vector128<float> value = Value(pairs + 2 * place);
            Accumulate(h0, (cell << 4) & 0xFF0, value);
            Accumulate(h1, (cell >> 4) & 0xFF0, value);
            Accumulate(h2, (cell >> 12) & 0xFF0, value);
            Accumulate(h3, (cell >> 20) & 0xFF0, value);
            Accumulate(h4, (cell >> 28) & 0xFF0, value);
            Accumulate(h5, (cell >> 36) & 0xFF0, value);
            Accumulate(h6, (cell >> 44) & 0xFF0, value);
            Accumulate(h7, (cell >> 52) & 0xFF0, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Value(float* pair) => Sse.IsSupported
        ? Sse.LoadLow(Vector128.Create(0f, 0f, 1f, 0f), pair)
        : Vector128.Create(pair[0], pair[1], 1f, 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(byte* histogram, ulong offset, Vector128<float> value)
    {
        float* bin = (float*)(histogram + offset);
        Vector128.StoreAligned(Vector128.LoadAligned(bin) + value, bin);
    }
}
