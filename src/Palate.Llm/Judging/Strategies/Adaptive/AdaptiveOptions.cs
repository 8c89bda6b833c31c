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

    /// <summary>What share of a block the reply names, the best first; more than 0, at most 1.</summary>
    /// <value>The default is 0.75: the order of the worst decides nothing and lengthens the reply.</value>
    public double NamedShare { get; init; } = .75;

    /// <summary>Whether the first round shows candidates briefly, where there are more than fit into one question.</summary>
    /// <value>
    /// The default is false. A candidate shown briefly counts half against <see cref="Shown"/>, of which three quarters are
    /// left then: it costs a quarter less, and loses what only the texts of candidates tell.
    /// </value>
    public bool Brief { get; init; }

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check(BlockSize, 4, 100, nameof(BlockSize));
        Check(Rounds, 1, 20, nameof(Rounds));
        Check(Shown, 4, 10_000, nameof(Shown));
        Check(ShownEach, .1, 10, nameof(ShownEach));
        Check(NamedShare, .01, 1, nameof(NamedShare));
    }

    private static void Check(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {least} to {most}."), name);
        }
    }
}
