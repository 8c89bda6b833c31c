namespace Palate.Llm;

/// <summary>One belief about the base and the judge, under which judgments have a likelihood.</summary>
/// <param name="Correlation">The correlation of the base's normal scores with the utilities.</param>
/// <param name="Noise">The standard deviation of what the judge adds to a utility; infinite for a useless one.</param>
internal readonly record struct JudgeModel(double Correlation, double Noise)
{
    // The Gumbel scale under which orders of about 20 by utility plus normal noise of deviation 1 give that noise back.
    // Equal variances would say 0.78, but an upset at the bottom of an order costs Plackett and Luce more than at the top.
    private const double GumbelScale = 1;

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
