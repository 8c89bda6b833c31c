namespace Palate;

/// <summary>How <see cref="Ease"/> is fitted.</summary>
public sealed class EaseOptions
{
    /// <summary>The squared-norm penalty on the item weights, in users; more than 0.</summary>
    /// <value>The default is 500; small data sets want 300 to 1,000, and it grows with the number of users.</value>
    public float Regularization { get; set; } = 500;

    /// <summary>The probability that training drops a cell of the input; 0 up to, not including, 1.</summary>
    /// <value>The default is 0, plain EASE. Above 0 the model is EDLAE, which popular items overfit less.</value>
    public float Dropout { get; set; }

    /// <summary>Whether a cell weighs its value (a rating, a count); otherwise every cell weighs 1.</summary>
    public bool UseValues { get; set; }

    /// <summary>
    /// How much it counts that a user interacted with two items shortly one after the other: each common user adds
    /// weight / (1 + seconds between / <see cref="SessionScale"/>) to what the pair has in common. 0 or more.
    /// </summary>
    /// <value>The default is 0, plain EASE. 1 counts interactions in the same moment like one more common user.</value>
    public float SessionWeight { get; set; }

    /// <summary>After how many seconds between two interactions their session weight is halved; more than 0.</summary>
    /// <value>The default is 60.</value>
    public float SessionScale { get; set; } = 60;

    /// <summary>
    /// How much it counts that users value two items alike: each common user adds weight times the product of the two
    /// values' deviations from the items' means. 0 or more.
    /// </summary>
    /// <value>The default is 0.</value>
    public float ValueWeight { get; set; }

    /// <summary>How many common users equal texts are worth (by the cosine of their vectors). 0 or more.</summary>
    /// <value>The default is 0. Needs the texts' vectors at the fit, and is ignored without them.</value>
    public float TextWeight { get; set; }

    /// <summary>
    /// How much less a user with a long history counts: in all that items have in common a user weighs
    /// (interactions / mean interactions)^-x. 0 to 2.
    /// </summary>
    /// <value>
    /// The default is 0: every user weighs 1, and a heavy user decides over as many pairs as the square of the history.
    /// 0.5 to 0.7 suits data with long histories.
    /// </value>
    public float UserNormalization { get; set; }

    /// <summary>
    /// How much a score is drawn from popular items to rare ones: an item's scores are divided by
    /// (interactions / mean interactions)^x. 0 to 1.
    /// </summary>
    /// <value>The default is 0. 0.1 is already felt.</value>
    public float ItemNormalization { get; set; }

    /// <summary>How many threads fit the model; 0 means one per processor. Does not change the result.</summary>
    public int Threads { get; set; }

    internal bool HasSideInformation => SessionWeight > 0 || ValueWeight > 0 || TextWeight > 0;

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        if (!(Regularization > 0) || !float.IsFinite(Regularization))
        {
            throw new ArgumentException(
                $"Ease.Regularization is {Regularization}; it must be more than 0, for example 500.");
        }

        if (!(Dropout >= 0 && Dropout < 1))
        {
            throw new ArgumentException($"Ease.Dropout is {Dropout}; it must be at least 0 and less than 1.");
        }

        RequireWeight(SessionWeight, "SessionWeight");
        RequireWeight(ValueWeight, "ValueWeight");
        RequireWeight(TextWeight, "TextWeight");
        if (!(SessionScale > 0) || !float.IsFinite(SessionScale))
        {
            throw new ArgumentException(
                $"Ease.SessionScale is {SessionScale}; it must be a number of seconds more than 0, for example 60.");
        }

        RequireExponent(UserNormalization, 2, "UserNormalization");
        RequireExponent(ItemNormalization, 1, "ItemNormalization");
        if (Threads < 0)
        {
            throw new ArgumentException($"Ease.Threads is {Threads}; it must be 0 (all processors) or more.");
        }
    }

    private static void RequireExponent(float exponent, float most, string name)
    {
        if (!(exponent >= 0 && exponent <= most))
        {
            throw new ArgumentException($"Ease.{name} is {exponent}; it must be 0 (off) to {most}.");
        }
    }

    private static void RequireWeight(float weight, string name)
    {
        if (!(weight >= 0) || !float.IsFinite(weight))
        {
            throw new ArgumentException($"Ease.{name} is {weight}; it must be 0 or more.");
        }
    }
}
