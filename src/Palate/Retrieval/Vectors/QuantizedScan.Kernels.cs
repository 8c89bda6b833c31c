using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

internal sealed unsafe partial class QuantizedScan
{
    /// <summary>One step of the inner products of eight rows: per lane, four unsigned bytes times four signed ones.</summary>
    private interface IKernel
    {
        static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<int> word);
    }

    private readonly struct VnniKernel : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<int> word) =>
            AvxVnni.MultiplyWideningAndAdd(sums, codes, word.AsSByte());
    }

    private readonly struct Avx2Kernel : IKernel
    {
        // Even and odd bytes apart as 16-bit numbers: the instruction for pairs of bytes would saturate.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<int> word)
        {
            Vector256<short> pairs = codes.AsInt16();
            Vector256<short> y = word.AsInt16();
            Vector256<int> even = Avx2.MultiplyAddAdjacent(
                pairs & Vector256.Create((short)0xFF), Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(y, 8), 8));
            Vector256<int> odd = Avx2.MultiplyAddAdjacent(
                Vector256.ShiftRightLogical(pairs, 8), Vector256.ShiftRightArithmetic(y, 8));
            return sums + even + odd;
        }
    }

    private readonly struct PortableKernel : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<int> word)
        {
            Vector256<int> x = codes.AsInt32();
            int y = word[0];
            Vector256<int> mask = Vector256.Create(0xFF);
            return sums
                + (x & mask) * (sbyte)y
                + (Vector256.ShiftRightLogical(x, 8) & mask) * (sbyte)(y >> 8)
                + (Vector256.ShiftRightLogical(x, 16) & mask) * (sbyte)(y >> 16)
                + Vector256.ShiftRightLogical(x, 24) * (sbyte)(y >> 24);
        }
    }
}
