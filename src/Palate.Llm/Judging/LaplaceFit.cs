using System.Numerics;

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

    private LaplaceFit(JudgeModel model, double[] mode, double[] factor, double logEvidence)
    {
        Model = model;
        Mode = mode;
        Factor = factor;
        LogEvidence = logEvidence;
    }

    /// <summary>The belief under which it was fitted.</summary>
    public JudgeModel Model { get; }

    /// <summary>The most probable utilities of the judged candidates, then the pull of the first place.</summary>
    public double[] Mode { get; }

    /// <summary>The lower Cholesky factor of the negative Hessian at the mode, row-major.</summary>
    public double[] Factor { get; }

    /// <summary>The logarithm of the probability of all judgments under the belief.</summary>
    public double LogEvidence { get; }

    /// <summary>Fits.</summary>
    /// <param name="terms">What was judged.</param>
    /// <param name="model">The belief.</param>
    /// <param name="scores">The normal scores of the judged candidates; empty for a useless judge.</param>
    /// <param name="start">Where to start, for example a neighbour's mode; empty for the prior mean.</param>
    public static LaplaceFit Of(
        IReadOnlyList<LikelihoodTerm> terms, JudgeModel model, ReadOnlySpan<double> scores, ReadOnlySpan<double> start)
    {
        int n = scores.Length + 1;
        double[] prior = new double[n];
        double[] precision = new double[n];
        for (int item = 0; item < n - 1; item++)
        {
            prior[item] = model.Correlation * scores[item];
            precision[item] = 1 / model.UtilityVariance;
        }

        precision[n - 1] = 1 / model.BiasVariance;
        double[] x = start.IsEmpty ? (double[])prior.Clone() : start.ToArray();
        double[] gradient = new double[n];
        double[] factor = new double[n * n];
        double[] trial = new double[n];
        double value = Value(x);
        for (int step = 0; ; step++)
        {
            Array.Clear(factor);
            for (int at = 0; at < n; at++)
            {
                gradient[at] = precision[at] * (prior[at] - x[at]);
                factor[(at * n) + at] = precision[at];
            }

            foreach (LikelihoodTerm term in terms)
            {
                term.AddDerivatives(x, model, gradient, factor);
            }

            Factorise(factor, n);
            if (step == Steps)
            {
                break;
            }

            Solve(factor, gradient);
            double longest = 0;
            foreach (double move in gradient)
            {
                longest = Math.Max(longest, Math.Abs(move));
            }

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

                double reached = Value(trial);
                if (reached >= value - 1e-9 || share < 1e-4)
                {
                    value = reached;
                    break;
                }

                share /= 2;
            }

            (x, trial) = (trial, x);
            if (longest * share < .03)
            {
                // One more step would move by about the square of this one; the factor is good enough as it is.
                break;
            }
        }

        double evidence = value;
        for (int at = 0; at < n; at++)
        {
            evidence += (.5 * Math.Log(precision[at])) - Math.Log(factor[(at * n) + at]);
        }

        return new LaplaceFit(model, x, factor, evidence);

        double Value(double[] at)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                double off = at[i] - prior[i];
                sum -= .5 * precision[i] * off * off;
            }

            foreach (LikelihoodTerm term in terms)
            {
                sum += term.Value(at, model);
            }

            return sum;
        }
    }

    /// <summary>Turns independent standard normals into a deviation from the mode, in place.</summary>
    public void Colour(Span<double> normals)
    {
        int n = Mode.Length;
        for (int row = n - 1; row >= 0; row--)
        {
            double value = normals[row] / Factor[(row * n) + row];
            normals[row] = value;
            ReadOnlySpan<double> line = Factor.AsSpan(row * n, row);
            for (int column = 0; column < line.Length; column++)
            {
                normals[column] -= line[column] * value;
            }
        }
    }

    /// <summary>The posterior covariance, row-major, both triangles.</summary>
    public double[] Covariance()
    {
        int n = Mode.Length;
        double[] covariance = new double[n * n];
        double[] column = new double[n];
        for (int at = 0; at < n; at++)
        {
            Array.Clear(column);
            column[at] = 1;
            Solve(Factor, column);
            column.CopyTo(covariance.AsSpan(at * n));
        }

        return covariance;
    }

    // A = L L', row by row; only the lower triangle is read and written.
    private static void Factorise(double[] a, int n)
    {
        for (int row = 0; row < n; row++)
        {
            Span<double> own = a.AsSpan(row * n, row + 1);
            for (int column = 0; column < row; column++)
            {
                ReadOnlySpan<double> other = a.AsSpan(column * n, column + 1);
                own[column] = (own[column] - Dot(own[..column], other)) / other[column];
            }

            // The prior keeps every pivot positive; rounding may not undo that.
            own[row] = Math.Sqrt(Math.Max(own[row] - Dot(own[..row], own), 1e-12));
        }
    }

    private static void Solve(double[] factor, Span<double> right)
    {
        int n = right.Length;
        for (int row = 0; row < n; row++)
        {
            right[row] = (right[row] - Dot(factor.AsSpan(row * n, row), right)) / factor[(row * n) + row];
        }

        for (int row = n - 1; row >= 0; row--)
        {
            double value = right[row] / factor[(row * n) + row];
            right[row] = value;
            ReadOnlySpan<double> line = factor.AsSpan(row * n, row);
            for (int column = 0; column < line.Length; column++)
            {
                right[column] -= line[column] * value;
            }
        }
    }

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
