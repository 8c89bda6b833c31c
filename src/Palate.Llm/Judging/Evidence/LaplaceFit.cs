using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>The mode of a posterior, its curvature there, and the logarithm of what it integrates to.</summary>
/// <remarks>
/// Newton's method. Where no two terms are about the same candidate, every term's part of the negative Hessian is solved by
/// itself in a number of operations that grows with its length; else by a Cholesky factor that is dense but for what
/// <see cref="EliminationOrder"/> keeps empty, at most n^3 / 6 multiplications with n the judged candidates and one. Every term is log-concave, so the mode is the only one and a step that is too long
/// is halved. Not thread-safe: the terms are shared.
/// </remarks>
internal sealed partial class LaplaceFit
{
    private const int Steps = 30;
    private const double Enough = 1e-5;

    private readonly Likelihood _likelihood;

    // Where the curvature was last looked at: the mode, or so near to it that it is the same.
    private readonly double[] _at;

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
                : StepDense(likelihood, model, x, prior, precision, inverse, step, scratch);
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
        }
        else
        {
            ColourDense(vectors, length);
        }
    }

    // Looks at the curvature where it was last looked at, which the shared terms have forgotten since.
    private Span<double> LookAgain(LaplaceScratch scratch)
    {
        Span<double> precision = scratch.Precision.AsSpan(0, Mode.Length);
        Fill(precision, Model);
        foreach (LikelihoodTerm term in _likelihood.Terms)
        {
            term.Value(_at, Model);
        }

        return precision;
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
}
