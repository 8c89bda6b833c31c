using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>The mode of a posterior, its curvature there, and the logarithm of what it integrates to.</summary>
/// <remarks>
/// Newton's method. Where no two terms are about the same candidate, every term's part of the negative Hessian is solved by
/// itself in a number of operations that grows with its length; else by a dense Cholesky factor, n^3 / 6 multiplications
/// with n the judged candidates and one. Every term is log-concave, so the mode is the only one and a step that is too long
/// is halved. Not thread-safe: the terms are shared.
/// </remarks>
internal sealed class LaplaceFit
{
    private const int Steps = 30;
    private const double Enough = 1e-5;

    private readonly Likelihood _likelihood;

    // Where the curvature was last looked at: the mode, or so near to it that it is the same.
    private readonly double[] _at;

    // The upper factor R of the negative Hessian R'R, rows after each other: the inverse of the diagonal, then the rest.
    // Made when it is asked for, as most fits are only compared; single precision is enough for what is drawn from it.
    private float[]? _factor;

    private LaplaceFit(Likelihood likelihood, JudgeModel model, double[] mode, double[] at, double logEvidence)
    {
        _likelihood = likelihood;
        Model = model;
        Mode = mode;
        _at = at;
        LogEvidence = logEvidence;
    }

    /// <summary>The belief under which it was fitted.</summary>
    public JudgeModel Model { get; }

    /// <summary>The most probable utilities of the judged candidates, then the pull of the first place.</summary>
    public double[] Mode { get; }

    /// <summary>The logarithm of the probability of all judgments under the belief.</summary>
    public double LogEvidence { get; }

    /// <summary>Fits.</summary>
    /// <param name="likelihood">What was judged.</param>
    /// <param name="model">The belief.</param>
    /// <param name="scores">The normal scores of the judged candidates; empty for a useless judge.</param>
    /// <param name="start">Where to start, for example a neighbour's mode; empty for the prior mean.</param>
    /// <param name="scratch">Room for this many candidates and one, or more.</param>
    public static LaplaceFit Of(
        Likelihood likelihood,
        JudgeModel model,
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> start,
        LaplaceScratch scratch)
    {
        int n = scores.Length + 1;
        Span<double> prior = scratch.Prior.AsSpan(0, n);
        Span<double> precision = scratch.Precision.AsSpan(0, n);
        Span<double> inverse = scratch.Inverse.AsSpan(0, n);
        Span<double> step = scratch.Step.AsSpan(0, n);
        Span<double> x = scratch.At.AsSpan(0, n);
        Span<double> trial = scratch.Trial.AsSpan(0, n);
        for (int item = 0; item < n - 1; item++)
        {
            prior[item] = model.Correlation * scores[item];
        }

        prior[n - 1] = 0;
        Fill(precision, model);
        (start.IsEmpty ? prior : start).CopyTo(x);
        double value = Value(likelihood, model, x, prior, precision);
        bool isAtMode = false;
        for (int count = 0; ; count++)
        {
            double longest = likelihood.IsSeparate || !model.IsUseful
                ? StepBlocks(likelihood, model, x, prior, precision, inverse, step)
                : StepDense(likelihood, model, x, prior, precision, inverse, step, scratch.Square);
            if (count == Steps || longest < Enough)
            {
                isAtMode = true;
                break;
            }

            double share = 1;
            while (true)
            {
                for (int at = 0; at < n; at++)
                {
                    trial[at] = x[at] + (share * step[at]);
                }

                double reached = Value(likelihood, model, trial, prior, precision);
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
            if (longest * share < .1 || (likelihood.IsQuadratic && share == 1))
            {
                // One more step would move by about the square of this one; the curvature is good enough as it is.
                break;
            }
        }

        double evidence = value + LogProduct(inverse)
            + (.5 * (((n - 1) * Math.Log(precision[0])) + Math.Log(precision[n - 1])));
        double[] mode = x.ToArray();
        return new LaplaceFit(likelihood, model, mode, isAtMode ? mode : trial.ToArray(), evidence);
    }

    /// <summary>Turns independent standard normals into deviations from the mode, in place.</summary>
    /// <param name="normals">A row for each of the mode's numbers.</param>
    /// <param name="stride">The length of a row; whole vectors.</param>
    public void Colour(Span<double> normals, int stride)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(normals);
        int length = stride / Vector<double>.Count;
        if (_likelihood.IsSeparate)
        {
            ColourBlocks(vectors, length);
            return;
        }

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

    // The back substitution of StepBlocks for many columns at once.
    private void ColourBlocks(Span<Vector<double>> vectors, int length)
    {
        int n = Mode.Length;
        using var scratch = new LaplaceScratch(n);
        ReadOnlySpan<double> inverse = scratch.Inverse.AsSpan(0, n);
        Span<double> precision = scratch.Precision.AsSpan(0, n);
        Fill(precision, Model);
        foreach (LikelihoodTerm term in _likelihood.Terms)
        {
            term.Value(_at, Model);
        }

        StepBlocks(
            _likelihood, Model, _at, _at, precision, scratch.Inverse.AsSpan(0, n), scratch.Step.AsSpan(0, n));
        Span<Vector<double>> pulls = vectors.Slice((n - 1) * length, length);
        Scale(pulls, inverse[n - 1]);
        foreach (int item in _likelihood.Untold)
        {
            Scale(vectors.Slice(item * length, length), inverse[item]);
        }

        Span<Vector<double>> later = stackalloc Vector<double>[length];
        foreach (LikelihoodTerm term in _likelihood.Terms)
        {
            later.Clear();
            for (int p = term.Items.Length - 1; p >= 0; p--)
            {
                int item = term.Items[p];
                var left = new Vector<double>(term.Left[p]);
                var right = new Vector<double>(term.Right[p]);
                var border = new Vector<double>(term.Border[p]);
                var scale = new Vector<double>(inverse[item]);
                Span<Vector<double>> row = vectors.Slice(item * length, length);
                for (int at = 0; at < row.Length; at++)
                {
                    Vector<double> own = (row[at] + (left * later[at]) - (border * pulls[at])) * scale;
                    later[at] += right * own;
                    row[at] = own;
                }
            }
        }
    }

    private static void Scale(Span<Vector<double>> vectors, double factor)
    {
        foreach (ref Vector<double> vector in vectors)
        {
            vector *= factor;
        }
    }

    private static void Fill(Span<double> precision, in JudgeModel model)
    {
        precision.Fill(1 / model.UtilityVariance);
        precision[^1] = 1 / model.BiasVariance;
    }

    private static double Value(
        Likelihood likelihood,
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

        foreach (LikelihoodTerm term in likelihood.Terms)
        {
            sum += term.Value(x, model);
        }

        return sum;
    }

    // Newton's step, by terms. Row p of the upper factor is -(left_p + s right_p) / r_p times the right of the later ones,
    // with s the sum of the squares of these factors over the earlier rows and r_p the root of the pivot: a diagonal less
    // a semiseparable matrix keeps its form (Vandebril, Van Barel and Mastronardi 2008). The border is the last column.
    private static double StepBlocks(
        Likelihood likelihood,
        in JudgeModel model,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> prior,
        ReadOnlySpan<double> precision,
        Span<double> inverse,
        Span<double> step)
    {
        int bias = x.Length - 1;
        double longest = 0;
        foreach (int item in model.IsUseful ? likelihood.Untold : [])
        {
            step[item] = prior[item] - x[item];
            inverse[item] = 1 / Math.Sqrt(precision[item]);
            longest = Math.Max(longest, Math.Abs(step[item]));
        }

        double pull = -precision[bias] * x[bias];
        double pivot = precision[bias];
        foreach (LikelihoodTerm term in likelihood.Terms)
        {
            term.Derive(x, model);
            pull += term.BiasGradient;
            pivot += term.BiasCurvature;
            if (!model.IsUseful)
            {
                continue;
            }

            ReadOnlySpan<int> items = term.Items;
            ReadOnlySpan<double> right = term.Right;
            ReadOnlySpan<double> diagonal = term.Diagonal;
            Span<double> left = term.Left;
            Span<double> border = term.Border;
            Span<double> gradient = term.Gradient;
            double squares = 0;
            double bordered = 0;
            double reached = 0;
            for (int p = 0; p < items.Length; p++)
            {
                int item = items[p];
                double own = right[p];

                // The prior keeps every pivot positive; rounding may not undo that.
                double scale = 1 / Math.Sqrt(Math.Max(precision[item] + diagonal[p] - (squares * own * own), 1e-12));
                double factor = (left[p] + (squares * own)) * scale;
                double edge = (border[p] + (bordered * own)) * scale;
                double solved = (gradient[p] + (precision[item] * (prior[item] - x[item])) + (reached * own)) * scale;
                squares += factor * factor;
                bordered += factor * edge;
                reached += factor * solved;
                pivot -= edge * edge;
                pull -= edge * solved;
                inverse[item] = scale;
                left[p] = factor;
                border[p] = edge;
                gradient[p] = solved;
            }
        }

        inverse[bias] = 1 / Math.Sqrt(Math.Max(pivot, 1e-12));
        double moved = pull * inverse[bias] * inverse[bias];
        step[bias] = moved;
        longest = Math.Max(longest, Math.Abs(moved));
        foreach (LikelihoodTerm term in model.IsUseful ? likelihood.Terms : [])
        {
            ReadOnlySpan<int> items = term.Items;
            double later = 0;
            for (int p = items.Length - 1; p >= 0; p--)
            {
                int item = items[p];
                double own = (term.Gradient[p] + (term.Left[p] * later) - (term.Border[p] * moved)) * inverse[item];
                later += term.Right[p] * own;
                step[item] = own;
                longest = Math.Max(longest, Math.Abs(own));
            }
        }

        return longest;
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
        Span<double> precision = scratch.Precision.AsSpan(0, n);
        Span<double> inverse = scratch.Inverse.AsSpan(0, n);
        Fill(precision, Model);
        foreach (LikelihoodTerm term in _likelihood.Terms)
        {
            term.Value(_at, Model);
        }

        Curve(_likelihood, Model, _at, precision, scratch.Step.AsSpan(0, n), scratch.Square);
        Factorise(scratch.Square.AsSpan(0, n * LaplaceScratch.Stride(n)), LaplaceScratch.Stride(n), inverse);
        return Packed(scratch.Square, LaplaceScratch.Stride(n), inverse);
    }

    // The logarithm of the product, with few logarithms: pivots are far from the limits of a double.
    private static double LogProduct(ReadOnlySpan<double> factors)
    {
        double sum = 0;
        double product = 1;
        foreach (double factor in factors)
        {
            product *= factor;
            if (product is < 1e-200 or > 1e200)
            {
                sum += Math.Log(product);
                product = 1;
            }
        }

        return sum + Math.Log(product);
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
