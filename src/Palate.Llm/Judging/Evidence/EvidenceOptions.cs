namespace Palate.Llm;

/// <summary>What is believed of the base ranking and of the judge before the first judgment of a request.</summary>
/// <remarks>A pipeline that has measured both sets them; the defaults suit one that has not.</remarks>
public sealed record EvidenceOptions
{
    /// <summary>The expected correlation of the base ranking with what the model judges by; 0 to 0.99.</summary>
    /// <value>The default is 0.55.</value>
    public double BaseCorrelation { get; init; } = 0.55;

    /// <summary>The expected noise of one judgment, in standard deviations of the utility; 0.05 to 10.</summary>
    /// <value>The default is 0.7.</value>
    public double JudgeNoise { get; init; } = 0.7;

    /// <summary>
    /// How sure the two expectations are, as the inverse of their spread (of the correlation's Fisher z, and of the
    /// logarithm of the noise): 1 learns nearly all from the request, 10 nearly nothing; 0.1 to 100.
    /// </summary>
    /// <value>The default is 1.5.</value>
    public double Certainty { get; init; } = 1.5;

    /// <summary>How probable it is that the replies have nothing to do with the candidates; 0.0001 to 0.99.</summary>
    /// <value>The default is 0.1.</value>
    public double UselessProbability { get; init; } = 0.05;

    /// <summary>How probable it is that the replies are upside down; 0.0001 to 0.99.</summary>
    /// <value>The default is 0.02.</value>
    public double HostileProbability { get; init; } = 0.02;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check(BaseCorrelation, 0, .99, nameof(BaseCorrelation));
        Check(JudgeNoise, .05, 10, nameof(JudgeNoise));
        Check(Certainty, .1, 100, nameof(Certainty));
        Check(UselessProbability, .0001, .99, nameof(UselessProbability));
        Check(HostileProbability, .0001, .99, nameof(HostileProbability));
        if (UselessProbability + HostileProbability > .99)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The probabilities of useless and hostile add up to {UselessProbability + HostileProbability}; give at most 0.99."));
        }
    }

    private static void Check(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {least} to {most}."), name);
        }
    }
}
