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

    /// <summary>How many threads fit the model; 0 means one per processor. Does not change the result.</summary>
    public int Threads { get; set; }

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

        if (Threads < 0)
        {
            throw new ArgumentException($"Ease.Threads is {Threads}; it must be 0 (all processors) or more.");
        }
    }
}
