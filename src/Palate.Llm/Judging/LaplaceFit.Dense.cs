using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

// Where terms share candidates: one Cholesky factor of everything.
internal sealed partial class LaplaceFit
{
    // The upper factor R of the negative Hessian R'R, rows after each other: the inverse of the diagonal, then the rest.
    // Made when it is asked for, as most fits are only compared; single precision is enough for what is drawn from it.
    private float[]? _factor;

    /// <summary>The posterior variance of each of the mode's numbers.</summary>
    public double[] Variances()
    {
        // The rows of the inverse of R, summed over its columns.
        int n = Mode.Length;
        float[] factor = _factor ??= Factor();
        double[] variances = new double[n];
        double[] column = new double[n];
        for (int of = 0; of < n; of++)
        {
            for (int row = of; row >= 0; row--)
            {
                ReadOnlySpan<float> line = factor.AsSpan(Begin(row, n), n - row);
                double sum = row == of ? 1 : 0;
                for (int at = row + 1; at <= of; at++)
                {
                    sum -= line[at - row] * column[at];
                }

                column[row] = sum * line[0];
                variances[row] += column[row] * column[row];
            }
        }

        return variances;
    }

    private void ColourDense(Span<Vector<double>> vectors, int length)
    {
        int n = Mode.Length;
        float[] factor = _factor ??= Factor();
        for (int row = n - 1; row >= 0; row--)
        {
            ReadOnlySpan<float> line = factor.AsSpan(Begin(row, n), n - row);
            Span<Vector<double>> own = vectors.Slice(row * length, length);
            int at = 0;
            for (; at <= length - 4; at += 4)
            {
                Vector<double> a = own[at];
                Vector<double> b = own[at + 1];
                Vector<double> c = own[at + 2];
                Vector<double> d = own[at + 3];
                for (int column = 1; column < line.Length; column++)
                {
                    var share = new Vector<double>(line[column]);
                    ReadOnlySpan<Vector<double>> other = vectors.Slice(((row + column) * length) + at, 4);
                    a -= other[0] * share;
                    b -= other[1] * share;
                    c -= other[2] * share;
                    d -= other[3] * share;
                }

                var scale = new Vector<double>(line[0]);
                own[at] = a * scale;
                own[at + 1] = b * scale;
                own[at + 2] = c * scale;
                own[at + 3] = d * scale;
            }

            for (; at < length; at++)
            {
                Vector<double> sum = own[at];
                for (int column = 1; column < line.Length; column++)
                {
                    sum -= vectors[((row + column) * length) + at] * line[column];
                }

                own[at] = sum * line[0];
            }
        }
    }

    private static double StepDense(
        Likelihood likelihood,
        in JudgeModel model,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> prior,
        ReadOnlySpan<double> precision,
        Span<double> inverse,
        Span<double> step,
        Span<double> square)
    {
        int stride = LaplaceScratch.Stride(x.Length);
        for (int at = 0; at < x.Length; at++)
        {
            step[at] = precision[at] * (prior[at] - x[at]);
        }

        Curve(likelihood, model, x, precision, step, square);

        // The gradient stands beside the square, so that the factor takes it along: R'w = g.
        for (int at = 0; at < x.Length; at++)
        {
            square[(at * stride) + x.Length] = step[at];
        }

        Factorise(square, stride, inverse);
        return Solve(square, stride, inverse, step);
    }

    // The negative Hessian; adds to the gradient.
    private static void Curve(
        Likelihood likelihood,
        in JudgeModel model,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> precision,
        Span<double> gradient,
        Span<double> square)
    {
        int stride = LaplaceScratch.Stride(x.Length);
        square[..(x.Length * stride)].Clear();
        for (int at = 0; at < x.Length; at++)
        {
            square[(at * stride) + at] = precision[at];
        }

        foreach (LikelihoodTerm term in likelihood.Terms)
        {
            term.Derive(x, model);
            term.AddTo(gradient, square, stride);
        }
    }

    private float[] Factor()
    {
        int n = Mode.Length;
        using var scratch = new LaplaceScratch(n);
        Span<double> precision = LookAgain(scratch);
        Span<double> inverse = scratch.Inverse.AsSpan(0, n);
        Curve(_likelihood, Model, _at, precision, scratch.Step.AsSpan(0, n), scratch.Square);
        Factorise(scratch.Square.AsSpan(0, n * LaplaceScratch.Stride(n)), LaplaceScratch.Stride(n), inverse);
        return Packed(scratch.Square, LaplaceScratch.Stride(n), inverse);
    }

    // A = R'R, R upper, row by row; each row is taken off all rows below it at once. What is left of the diagonal is not
    // read: rows begin where a vector does.
    private static void Factorise(Span<double> a, int stride, Span<double> inverse)
    {
        int n = inverse.Length;
        int width = Vector<double>.Count;
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(a);
        int length = stride / width;
        for (int row = 0; row < n; row++)
        {
            // The prior keeps every pivot positive; rounding may not undo that.
            double scale = 1 / Math.Sqrt(Math.Max(a[(row * stride) + row], 1e-12));
            inverse[row] = scale;
            Span<Vector<double>> own = vectors.Slice(row * length, length);
            for (int at = row / width; at < own.Length; at++)
            {
                own[at] *= scale;
            }

            for (int below = row + 1; below < n; below++)
            {
                Span<Vector<double>> other = vectors.Slice(below * length, length);
                var share = new Vector<double>(a[(row * stride) + below]);
                for (int at = below / width; at < other.Length; at++)
                {
                    other[at] -= own[at] * share;
                }
            }
        }
    }

    // R x = w; returns the longest of x.
    private static double Solve(ReadOnlySpan<double> factor, int stride, ReadOnlySpan<double> inverse, Span<double> x)
    {
        int n = inverse.Length;
        double longest = 0;
        for (int row = n - 1; row >= 0; row--)
        {
            ReadOnlySpan<double> line = factor.Slice(row * stride, stride);
            double own = (line[n] - Dot(line[(row + 1)..n], x[(row + 1)..])) * inverse[row];
            x[row] = own;
            longest = Math.Max(longest, Math.Abs(own));
        }

        return longest;
    }

    private static float[] Packed(ReadOnlySpan<double> factor, int stride, ReadOnlySpan<double> inverse)
    {
        int n = inverse.Length;
        float[] packed = new float[n * (n + 1) / 2];
        int to = 0;
        for (int row = 0; row < n; row++)
        {
            packed[to++] = (float)inverse[row];
            foreach (double value in factor.Slice((row * stride) + row + 1, n - row - 1))
            {
                packed[to++] = (float)value;
            }
        }

        return packed;
    }

    private static int Begin(int row, int n) => (row * n) - (row * (row - 1) / 2);

    // Over the length of the first; the rows here are short, so one accumulator and no call.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count;
        Vector<double> sums = Vector<double>.Zero;
        int at = 0;
        for (; at <= a.Length - width; at += width)
        {
            sums += new Vector<double>(a[at..]) * new Vector<double>(b[at..]);
        }

        double sum = Vector.Sum(sums);
        for (; at < a.Length; at++)
        {
            sum += a[at] * b[at];
        }

        return sum;
    }
}
