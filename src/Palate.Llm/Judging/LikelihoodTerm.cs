namespace Palate.Llm;

/// <summary>What one judgment says of the utilities: its log likelihood, with first and second derivatives.</summary>
/// <remarks>
/// The unknowns are the utilities of the judged candidates, and behind them, last, the pull of the first place: how much
/// better a candidate looks, in utility, for being shown first (and worse for being shown last).
/// Immutable apart from scratch: used by one request at a time.
/// </remarks>
internal abstract class LikelihoodTerm
{
    /// <summary>The log likelihood at <paramref name="x"/>.</summary>
    public abstract double Value(ReadOnlySpan<double> x, in JudgeModel model);

    /// <summary>Adds the gradient, and the negative Hessian into the lower triangle of a row-major square.</summary>
    public abstract void AddDerivatives(
        ReadOnlySpan<double> x, in JudgeModel model, Span<double> gradient, Span<double> curvature);
}
