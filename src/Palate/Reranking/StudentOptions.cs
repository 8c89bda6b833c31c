namespace Palate;

/// <summary>How a student learns from recorded judgments.</summary>
public sealed record StudentOptions
{
    /// <summary>How many of the model's top places are taught.</summary>
    /// <value>The default is 10. 1 to 100.</value>
    public int Top { get; init; } = 10;

    /// <summary>The share of requests, the last ones, that measure the agreement instead of teaching.</summary>
    /// <value>The default is 0.2. Above 0, at most 0.5.</value>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>The trees.</summary>
    /// <value>The default is 200 oblivious trees of depth 4; the gains are the places from the end of the top.</value>
    public LambdaMartOptions Trees { get; init; } = new()
    {
        Trees = 200,
        LearningRate = 0.05f,
        Tree = new TreeOptions { MaxDepth = 4 },
        LambdaRank = new LambdaRankOptions { Gain = LabelGain.Label },
    };

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its limits.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Top, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Top, 100);
        if (!(HeldOut > 0 && HeldOut <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(HeldOut), HeldOut, "HeldOut must be above 0 and at most 0.5.");
        }

        Trees.Validate();
    }
}
