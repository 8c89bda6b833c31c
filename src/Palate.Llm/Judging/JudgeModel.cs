namespace Palate.Llm;

/// <summary>One belief about the base and the judge, under which judgments have a likelihood.</summary>
/// <param name="Correlation">The correlation of the base's normal scores with the utilities.</param>
/// <param name="Noise">The standard deviation of what the judge adds to a utility; infinite for a useless judge.</param>
internal readonly record struct JudgeModel(double Correlation, double Noise)
{
    // A Gumbel of scale s has the variance (pi s)^2 / 6.
    private const double GumbelScale = 0.77969680123368;

    /// <summary>What a useless judge may gain from the place alone; its choices have no other scale than this.</summary>
    public const double UselessBias = 6;

    /// <summary>Whether the replies depend on the utilities at all.</summary>
    public bool IsUseful => double.IsFinite(Noise);

    /// <summary>What a utility counts in the exponents of Plackett and Luce.</summary>
    public double UtilityWeight => IsUseful ? 1 / (Noise * GumbelScale) : 0;

    /// <summary>What the pull of the first place counts there.</summary>
    public double BiasWeight => IsUseful ? 1 / (Noise * GumbelScale) : 1;

    /// <summary>The prior variance of the pull of the first place.</summary>
    public double BiasVariance => IsUseful ? .25 : UselessBias * UselessBias;

    /// <summary>The prior variance of a utility around its prior mean.</summary>
    public double UtilityVariance => 1 - (Correlation * Correlation);
}
