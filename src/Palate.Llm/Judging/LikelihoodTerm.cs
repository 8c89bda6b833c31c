namespace Palate.Llm;

/// <summary>What one judgment says of the utilities: its log likelihood, with first and second derivatives.</summary>
/// <remarks>
/// The unknowns are the utilities of the judged candidates, and behind them, last, the pull of the first place: how much
/// better a candidate looks, in utility, for being shown first (and worse for being shown last).
/// Immutable apart from scratch: used by one request at a time.
/// </remarks>
internal abstract class LikelihoodTerm
{
    /// <summary>Whether the log likelihood is quadratic in the unknowns: then one Newton step is exact.</summary>
    public abstract bool IsQuadratic { get; }

    /// <summary>The log likelihood at <paramref name="x"/>.</summary>
    public abstract double Value(ReadOnlySpan<double> x, in JudgeModel model);

    /// <summary>
    /// Adds the gradient, and the negative Hessian into the upper triangle of a row-major square.
    /// </summary>
    /// <remarks>It builds on what <see cref="Value"/> left behind, which has to have been the last call, at the same place
    /// and with the same model.</remarks>
    /// <param name="x">The unknowns.</param>
    /// <param name="model">The belief.</param>
    /// <param name="gradient">Is added to.</param>
    /// <param name="curvature">Is added to.</param>
    /// <param name="stride">The length of its rows.</param>
    public abstract void AddDerivatives(
        ReadOnlySpan<double> x, in JudgeModel model, Span<double> gradient, Span<double> curvature, int stride);
}
