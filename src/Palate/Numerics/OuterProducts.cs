using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Sums of outer products of short rows: the Gram matrices of ALS.</summary>
/// <remarks>The kernels skip tiered compilation: a model is often fitted once per process.</remarks>
internal static unsafe class OuterProducts
{
    /// <summary>sum [width, width] += left' right, both [depth, width].</summary>
    /// <param name="left">Row-major.</param>
    /// <param name="right">Row-major.</param>
    /// <param name="depth">How many rows.</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="upper">Whether only the upper triangle matters; what is below it is then undefined.</param>
    /// <param name="sum">Receives the sum.</param>
    public static void Add(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int depth, int width, bool upper, Span<float> sum)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            AddPlain(left, right, depth, width, sum);
            return;
        }

        fixed (float* leftAt = left, rightAt = right, sumAt = sum)
        {
            for (int row = 0; row < width; row += 4)
            {
                int column = upper ? row & ~15 : 0;
                for (; column + 64 <= width; column += 64)
                {
                    Tile64(leftAt + row, rightAt + column, depth, width, sumAt + row * width + column);
                }

                for (; column + 32 <= width; column += 32)
                {
                    Tile32(leftAt + row, rightAt + column, depth, width, sumAt + row * width + column);
                }

                for (; column < width; column += 16)
                {
                    Tile16(leftAt + row, rightAt + column, depth, width, sumAt + row * width + column);
                }
            }
        }
    }

    /// <summary>The twin of the vector path; always fills both triangles.</summary>
    public static void AddPlain(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int depth, int width, Span<float> sum)
    {
        for (int k = 0; k < depth; k++)
        {
            ReadOnlySpan<float> y = right.Slice(k * width, width);
            for (int row = 0; row < width; row++)
            {
                Span<float> target = sum.Slice(row * width, width);
                TensorPrimitives.MultiplyAdd(y, left[k * width + row], target, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile64(float* left, float* right, int depth, int width, float* sum)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        for (int k = 0; k < depth; k++, left += width, right += width)
        {
            Vector512<float> r0 = Vector512.Load(right);
            Vector512<float> r1 = Vector512.Load(right + 16);
            Vector512<float> r2 = Vector512.Load(right + 32);
            Vector512<float> r3 = Vector512.Load(right + 48);
            var a = Vector512.Create(left[0]);
            s00 = Vector512.FusedMultiplyAdd(a, r0, s00);
            s01 = Vector512.FusedMultiplyAdd(a, r1, s01);
            s02 = Vector512.FusedMultiplyAdd(a, r2, s02);
            s03 = Vector512.FusedMultiplyAdd(a, r3, s03);
            a = Vector512.Create(left[1]);
            s10 = Vector512.FusedMultiplyAdd(a, r0, s10);
            s11 = Vector512.FusedMultiplyAdd(a, r1, s11);
            s12 = Vector512.FusedMultiplyAdd(a, r2, s12);
            s13 = Vector512.FusedMultiplyAdd(a, r3, s13);
            a = Vector512.Create(left[2]);
            s20 = Vector512.FusedMultiplyAdd(a, r0, s20);
            s21 = Vector512.FusedMultiplyAdd(a, r1, s21);
            s22 = Vector512.FusedMultiplyAdd(a, r2, s22);
            s23 = Vector512.FusedMultiplyAdd(a, r3, s23);
            a = Vector512.Create(left[3]);
            s30 = Vector512.FusedMultiplyAdd(a, r0, s30);
            s31 = Vector512.FusedMultiplyAdd(a, r1, s31);
            s32 = Vector512.FusedMultiplyAdd(a, r2, s32);
            s33 = Vector512.FusedMultiplyAdd(a, r3, s33);
        }

        Store(sum, s00, s01, s02, s03);
        Store(sum + width, s10, s11, s12, s13);
        Store(sum + 2 * width, s20, s21, s22, s23);
        Store(sum + 3 * width, s30, s31, s32, s33);

        static void Store(float* at, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
        {
            (Vector512.Load(at) + a).Store(at);
            (Vector512.Load(at + 16) + b).Store(at + 16);
            (Vector512.Load(at + 32) + c).Store(at + 32);
            (Vector512.Load(at + 48) + d).Store(at + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile32(float* left, float* right, int depth, int width, float* sum)
    {
        Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default;
        Vector512<float> s20 = default, s21 = default, s30 = default, s31 = default;
        for (int k = 0; k < depth; k++, left += width, right += width)
        {
            Vector512<float> r0 = Vector512.Load(right);
            Vector512<float> r1 = Vector512.Load(right + 16);
            var a = Vector512.Create(left[0]);
            s00 = Vector512.FusedMultiplyAdd(a, r0, s00);
            s01 = Vector512.FusedMultiplyAdd(a, r1, s01);
            a = Vector512.Create(left[1]);
            s10 = Vector512.FusedMultiplyAdd(a, r0, s10);
            s11 = Vector512.FusedMultiplyAdd(a, r1, s11);
            a = Vector512.Create(left[2]);
            s20 = Vector512.FusedMultiplyAdd(a, r0, s20);
            s21 = Vector512.FusedMultiplyAdd(a, r1, s21);
            a = Vector512.Create(left[3]);
            s30 = Vector512.FusedMultiplyAdd(a, r0, s30);
            s31 = Vector512.FusedMultiplyAdd(a, r1, s31);
        }

        (Vector512.Load(sum) + s00).Store(sum);
        (Vector512.Load(sum + 16) + s01).Store(sum + 16);
        sum += width;
        (Vector512.Load(sum) + s10).Store(sum);
        (Vector512.Load(sum + 16) + s11).Store(sum + 16);
        sum += width;
        (Vector512.Load(sum) + s20).Store(sum);
        (Vector512.Load(sum + 16) + s21).Store(sum + 16);
        sum += width;
        (Vector512.Load(sum) + s30).Store(sum);
        (Vector512.Load(sum + 16) + s31).Store(sum + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile16(float* left, float* right, int depth, int width, float* sum)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int k = 0; k < depth; k++, left += width, right += width)
        {
            Vector512<float> r = Vector512.Load(right);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(left[0]), r, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(left[1]), r, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(left[2]), r, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(left[3]), r, s3);
        }

        (Vector512.Load(sum) + s0).Store(sum);
        (Vector512.Load(sum + width) + s1).Store(sum + width);
        (Vector512.Load(sum + 2 * width) + s2).Store(sum + 2 * width);
        (Vector512.Load(sum + 3 * width) + s3).Store(sum + 3 * width);
    }
}
