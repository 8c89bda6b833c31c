using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

// Where terms share candidates: one Cholesky factor of everything. Empty parts are passed over.
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
        LaplaceScratch scratch)
    {
        int stride = LaplaceScratch.Stride(x.Length);
        EliminationOrder order = likelihood.Order!;
        ReadOnlySpan<int> places = order.Places;
        Span<double> square = scratch.Square;
        for (int at = 0; at < x.Length; at++)
        {
            step[at] = precision[at] * (prior[at] - x[at]);
        }

        Curve(likelihood, model, x, precision, step, square, places);

        // The gradient stands beside the square, so that the factor takes it along: R'w = g.
        for (int at = 0; at < x.Length; at++)
        {
            square[(places[at] * stride) + x.Length] = step[at];
        }

        Factorise(square, stride, inverse, order);
        Span<double> solved = scratch.Solved.AsSpan(0, x.Length);
        double longest = Solve(square, stride, inverse, solved, order);
        for (int at = 0; at < x.Length; at++)
        {
            step[at] = solved[places[at]];
        }

        return longest;
    }

    // The negative Hessian, its rows in the order of elimination; adds to the gradient.
    private static void Curve(
        Likelihood likelihood,
        in JudgeModel model,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> precision,
        Span<double> gradient,
        Span<double> square,
        ReadOnlySpan<int> places)
    {
        int stride = LaplaceScratch.Stride(x.Length);
        square[..(x.Length * stride)].Clear();
        for (int at = 0; at < x.Length; at++)
        {
            square[(places[at] * stride) + places[at]] = precision[at];
        }

        foreach (LikelihoodTerm term in likelihood.Terms)
        {
            term.Derive(x, model);
            term.AddTo(gradient, square, stride, places);
        }
    }

    // In the natural order: another root of the same covariance would draw other utilities.
    private float[] Factor()
    {
        int n = Mode.Length;
        var order = EliminationOrder.Natural(n);
        using var scratch = new LaplaceScratch(n);
        Span<double> precision = LookAgain(scratch);
        Span<double> inverse = scratch.Inverse.AsSpan(0, n);
        Curve(_likelihood, Model, _at, precision, scratch.Step.AsSpan(0, n), scratch.Square, order.Places);
        Factorise(scratch.Square.AsSpan(0, n * LaplaceScratch.Stride(n)), LaplaceScratch.Stride(n), inverse, order);
        return Packed(scratch.Square, LaplaceScratch.Stride(n), inverse);
    }

    // A = R'R, R upper, row by row; each row is taken off all rows below it that it is coupled with, at once. What is left
    // of the diagonal is not read: rows begin where a vector does. So do ranges; what they take in beside is zero.
    private static void Factorise(Span<double> a, int stride, Span<double> inverse, EliminationOrder order)
    {
        int n = inverse.Length;
        int width = Vector<double>.Count;
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(a);
        int length = stride / width;
        for (int row = 0; row < n; row++)
        {
            // Its own term's, then the shared ones and the gradient; nothing is between.
            int end = order.Ends[row];
            int shared = Math.Max(end, order.Shared);
            int near = (end + width - 1) / width;
            int far = Math.Max(near, shared / width);

            // The prior keeps every pivot positive; rounding may not undo that.
            double scale = 1 / Math.Sqrt(Math.Max(a[(row * stride) + row], 1e-12));
            inverse[row] = scale;
            Span<Vector<double>> own = vectors.Slice(row * length, length);
            for (int at = row / width; at < near; at++)
            {
                own[at] *= scale;
            }

            for (int at = far; at < own.Length; at++)
            {
                own[at] *= scale;
            }

            for (int below = row + 1; below < end; below++)
            {
                Span<Vector<double>> other = vectors.Slice(below * length, length);
                var share = new Vector<double>(a[(row * stride) + below]);
                for (int at = below / width; at < near; at++)
                {
                    other[at] -= own[at] * share;
                }

                for (int at = far; at < other.Length; at++)
                {
                    other[at] -= own[at] * share;
                }
            }

            for (int below = shared; below < n; below++)
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
    private static double Solve(
        ReadOnlySpan<double> factor, int stride, ReadOnlySpan<double> inverse, Span<double> x, EliminationOrder order)
    {
        int n = inverse.Length;
        double longest = 0;
        for (int row = n - 1; row >= 0; row--)
        {
            ReadOnlySpan<double> line = factor.Slice(row * stride, stride);
            int end = order.Ends[row];
            int shared = Math.Max(end, order.Shared);
            double own = (line[n] - Dot(line[(row + 1)..end], x[(row + 1)..]) - Dot(line[shared..n], x[shared..])) * inverse[row];
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
