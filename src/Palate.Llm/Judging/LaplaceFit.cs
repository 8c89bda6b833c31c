using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>The mode of a posterior, its curvature there, and the logarithm of what it integrates to.</summary>
/// <remarks>
/// Newton's method with a dense Cholesky factor: n^3 / 6 multiplications a step, with n the judged candidates and one.
/// Every term is log-concave, so the mode is the only one and a step that is too long is halved.
/// </remarks>
internal sealed class LaplaceFit
{
    private const int Steps = 30;
    private const double Enough = 1e-5;

    // The upper factor R of the negative Hessian R'R, rows after each other: the inverse of the diagonal, then the rest.
    // Single precision is enough for what is drawn from it, and many fits are kept.
    private readonly float[] _factor;

    private LaplaceFit(JudgeModel model, double[] mode, float[] factor, double logEvidence)
    {
        Model = model;
        Mode = mode;
        _factor = factor;
        LogEvidence = logEvidence;
    }

    /// <summary>The belief under which it was fitted.</summary>
    public JudgeModel Model { get; }

    /// <summary>The most probable utilities of the judged candidates, then the pull of the first place.</summary>
    public double[] Mode { get; }

    /// <summary>The logarithm of the probability of all judgments under the belief.</summary>
    public double LogEvidence { get; }

    /// <summary>Fits.</summary>
    /// <param name="terms">What was judged.</param>
    /// <param name="model">The belief.</param>
    /// <param name="scores">The normal scores of the judged candidates; empty for a useless judge.</param>
    /// <param name="start">Where to start, for example a neighbour's mode; empty for the prior mean.</param>
    /// <param name="scratch">Room for this many candidates and one, or more.</param>
    public static LaplaceFit Of(
        IReadOnlyList<LikelihoodTerm> terms,
        JudgeModel model,
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> start,
        LaplaceScratch scratch)
    {
        int n = scores.Length + 1;
        int stride = LaplaceScratch.Stride(n);
        Span<double> square = scratch.Square.AsSpan(0, n * stride);
        Span<double> prior = scratch.Prior.AsSpan(0, n);
        Span<double> precision = scratch.Precision.AsSpan(0, n);
        Span<double> inverse = scratch.Inverse.AsSpan(0, n);
        Span<double> gradient = scratch.Gradient.AsSpan(0, n);
        Span<double> x = scratch.At.AsSpan(0, n);
        Span<double> trial = scratch.Trial.AsSpan(0, n);
        for (int item = 0; item < n - 1; item++)
        {
            prior[item] = model.Correlation * scores[item];
        }

        prior[n - 1] = 0;
        precision.Fill(1 / model.UtilityVariance);
        precision[n - 1] = 1 / model.BiasVariance;
        (start.IsEmpty ? prior : start).CopyTo(x);
        bool isQuadratic = true;
        foreach (LikelihoodTerm term in terms)
        {
            isQuadratic &= term.IsQuadratic;
        }

        double value = Value(terms, model, x, prior, precision);
        for (int step = 0; ; step++)
        {
            square.Clear();
            for (int at = 0; at < n; at++)
            {
                gradient[at] = precision[at] * (prior[at] - x[at]);
                square[(at * stride) + at] = precision[at];
            }

            foreach (LikelihoodTerm term in terms)
            {
                term.AddDerivatives(x, model, gradient, square, stride);
            }

            // The gradient stands beside the square, so that the factor takes it along: R'w = g.
            for (int at = 0; at < n; at++)
            {
                square[(at * stride) + n] = gradient[at];
            }

            Factorise(square, stride, inverse);
            if (step == Steps)
            {
                break;
            }

            double longest = Solve(square, stride, inverse, gradient);
            if (longest < Enough)
            {
                break;
            }

            double share = 1;
            while (true)
            {
                for (int at = 0; at < n; at++)
                {
                    trial[at] = x[at] + (share * gradient[at]);
                }

                double reached = Value(terms, model, trial, prior, precision);
                if (reached >= value - 1e-9 || share < 1e-4)
                {
                    value = reached;
                    break;
                }

                share /= 2;
            }

            Span<double> before = x;
            x = trial;
            trial = before;
            if (longest * share < .1 || (isQuadratic && share == 1))
            {
                // One more step would move by about the square of this one; the factor is good enough as it is.
                break;
            }
        }

        double evidence = value;
        for (int at = 0; at < n; at++)
        {
            evidence += Math.Log(inverse[at]);
        }

        evidence += .5 * (((n - 1) * Math.Log(precision[0])) + Math.Log(precision[n - 1]));
        return new LaplaceFit(model, x.ToArray(), Packed(square, stride, inverse), evidence);
    }

    /// <summary>Turns independent standard normals into deviations from the mode, in place.</summary>
    /// <param name="normals">A row for each of the mode's numbers.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="first">The first column to turn.</param>
    /// <param name="end">The column after the last one.</param>
    public void Colour(Span<double> normals, int width, int first, int end)
    {
        int n = Mode.Length;
        for (int row = n - 1; row >= 0; row--)
        {
            ReadOnlySpan<float> line = _factor.AsSpan(Begin(row, n), n - row);
            Span<double> own = normals.Slice(row * width, width);
            int at = first;
            for (; at <= end - Vector<double>.Count; at += Vector<double>.Count)
            {
                var sum = new Vector<double>(own[at..]);
                int place = ((row + 1) * width) + at;
                for (int column = 1; column < line.Length; column++)
                {
                    sum -= new Vector<double>(normals[place..]) * line[column];
                    place += width;
                }

                (sum * line[0]).CopyTo(own[at..]);
            }

            for (; at < end; at++)
            {
                double sum = own[at];
                for (int column = 1; column < line.Length; column++)
                {
                    sum -= normals[((row + column) * width) + at] * line[column];
                }

                own[at] = sum * line[0];
            }
        }
    }

    /// <summary>The posterior variance of each of the mode's numbers.</summary>
    public double[] Variances()
    {
        // The rows of the inverse of R, summed over its columns.
        int n = Mode.Length;
        double[] variances = new double[n];
        double[] column = new double[n];
        for (int of = 0; of < n; of++)
        {
            for (int row = of; row >= 0; row--)
            {
                ReadOnlySpan<float> line = _factor.AsSpan(Begin(row, n), n - row);
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

    private static double Value(
        IReadOnlyList<LikelihoodTerm> terms,
        in JudgeModel model,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> prior,
        ReadOnlySpan<double> precision)
    {
        double sum = 0;
        for (int at = 0; at < x.Length; at++)
        {
            double off = x[at] - prior[at];
            sum -= .5 * precision[at] * off * off;
        }

        foreach (LikelihoodTerm term in terms)
        {
            sum += term.Value(x, model);
        }

        return sum;
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
