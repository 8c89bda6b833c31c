namespace Palate;

/// <summary>How <see cref="Als"/> is fitted.</summary>
public sealed class AlsOptions
{
    /// <summary>Numbers per user and item; 1 to 256.</summary>
    /// <value>The default is 64.</value>
    public int Factors { get; set; } = 64;

    /// <summary>The strength of the penalty on the factors; more than 0. Its scale depends on the kind.</summary>
    /// <value>The default is 20, which suits <see cref="AlsRegularization.Constant"/> on small data sets.</value>
    public float Regularization { get; set; } = 20;

    /// <summary>Whether all rows pay the same penalty, or frequent ones more.</summary>
    public AlsRegularization RegularizationKind { get; set; }

    /// <summary>The exponent nu of the frequency-scaled penalty; 0 to 1.</summary>
    /// <value>The default is 1; 0 makes the penalty constant.</value>
    public float FrequencyExponent { get; set; } = 1;

    /// <summary>How much an observed cell weighs beyond an unobserved one, per unit of value; more than 0.</summary>
    /// <value>The default is 1: with an unobserved weight of 1 an observed cell weighs 2.</value>
    public float Alpha { get; set; } = 1;

    /// <summary>The weight of an unobserved cell, whose target is 0; more than 0.</summary>
    /// <value>The default is 1, as Hu, Koren and Volinsky have it; Rendle et al. (2021) write alpha0 for it.</value>
    public float UnobservedWeight { get; set; } = 1;

    /// <summary>
    /// Whether confidence grows with a cell's value (below 0 counts as 0); otherwise each counts as 1.
    /// </summary>
    public bool UseValues { get; set; }

    /// <summary>How often items and users are solved in turn; at least 1.</summary>
    /// <value>The default is 15.</value>
    public int Iterations { get; set; } = 15;

    /// <summary>How a row's linear system is solved.</summary>
    public AlsSolver Solver { get; set; }

    /// <summary>Steps of the conjugate gradient per row and iteration; 1 to 64.</summary>
    /// <value>The default is 3; each iteration continues where the last one stopped.</value>
    public int ConjugateGradientSteps { get; set; } = 3;

    /// <summary>Seeds the initial factors.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>How many threads fit the model; 0 means one per processor. Does not change the result.</summary>
    public int Threads { get; set; }

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        Check(Factors is >= 1 and <= 256, nameof(Factors), Factors, "1 to 256");
        Check(IsPositive(Regularization), nameof(Regularization), Regularization, "more than 0");
        Check(FrequencyExponent is >= 0 and <= 1, nameof(FrequencyExponent), FrequencyExponent, "0 to 1");
        Check(IsPositive(Alpha), nameof(Alpha), Alpha, "more than 0");
        Check(IsPositive(UnobservedWeight), nameof(UnobservedWeight), UnobservedWeight, "more than 0");
        Check(Iterations >= 1, nameof(Iterations), Iterations, "at least 1");
        int steps = ConjugateGradientSteps;
        Check(steps is >= 1 and <= 64, nameof(ConjugateGradientSteps), steps, "1 to 64");
        Check(Threads >= 0, nameof(Threads), Threads, "0 (all processors) or more");
    }

    internal AlsOptions Copy() => (AlsOptions)MemberwiseClone();

    private static bool IsPositive(float value) => value > 0 && float.IsFinite(value);

    private static void Check(bool holds, string name, float value, string limits)
    {
        if (!holds)
        {
            throw new ArgumentException($"Als.{name} is {value}; it must be {limits}.");
        }
    }
}
