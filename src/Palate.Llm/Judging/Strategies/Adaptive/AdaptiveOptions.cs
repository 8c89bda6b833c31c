namespace Palate.Llm;

/// <summary>How much <see cref="AdaptiveStrategy"/> may ask, and when it stops.</summary>
public sealed record AdaptiveOptions
{
    /// <summary>How many candidates one question shows at most; 4 to 100.</summary>
    /// <value>The default is 20, the window that RankGPT reports.</value>
    public int BlockSize { get; init; } = 20;

    /// <summary>How many rounds follow one another at most; 1 to 20.</summary>
    /// <value>The default is 3.</value>
    public int Rounds { get; init; } = 3;

    /// <summary>How many candidates all questions together show at most, repetitions counted; 4 to 10,000.</summary>
    /// <value>The default is 120: two thirds of what a sliding window shows of 100 candidates.</value>
    public int Shown { get; init; } = 120;

    /// <summary>The same limit for each candidate of the request; 0.1 to 10.</summary>
    /// <value>The default is 1.2.</value>
    public double ShownEach { get; init; } = 1.2;

    /// <summary>What share of all that may be shown the first round shows, in whole blocks; more than 0, at most 1.</summary>
    /// <value>The default is two thirds: nothing can be learned of a candidate that is never shown.</value>
    public double FirstShare { get; init; } = 2 / 3.0;

    /// <summary>What share of a block the reply names, the best first; more than 0, at most 1.</summary>
    /// <value>The default is 0.75: the order of the worst decides nothing and lengthens the reply.</value>
    public double NamedShare { get; init; } = .75;

    /// <summary>The same where a round has several blocks, which only choose who is worth another look.</summary>
    /// <value>The default is 0.35.</value>
    public double ChosenShare { get; init; } = .35;

    /// <summary>Whether the first round shows candidates briefly, where there are more than fit into one question.</summary>
    /// <value>
    /// The default is false. A candidate shown briefly counts half against <see cref="Shown"/>, of which three quarters are
    /// left then: it costs a quarter less, and loses what only the texts of candidates tell.
    /// </value>
    public bool Brief { get; init; }

    /// <summary>The least expected gain, in deviations of the utility, for which a candidate is shown; 0 or more.</summary>
    /// <value>The default is 0.007.</value>
    public double LeastGain { get; init; } = .007;

    /// <summary>How probable it must be that the top is the true one to stop; more than 0, at most 1.</summary>
    /// <value>The default is 0.95.</value>
    public double Settled { get; init; } = .95;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check(BlockSize, 4, 100, nameof(BlockSize));
        Check(Rounds, 1, 20, nameof(Rounds));
        Check(Shown, 4, 10_000, nameof(Shown));
        Check(ShownEach, .1, 10, nameof(ShownEach));
        Check(FirstShare, .01, 1, nameof(FirstShare));
        Check(ChosenShare, .01, 1, nameof(ChosenShare));
        Check(NamedShare, .01, 1, nameof(NamedShare));
        Check(LeastGain, 0, double.MaxValue, nameof(LeastGain));
        Check(Settled, .01, 1, nameof(Settled));
    }

    private static void Check(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {least} to {most}."), name);
        }
    }
}
