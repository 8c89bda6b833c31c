namespace Palate;

/// <summary>How <see cref="Slim"/> is fitted.</summary>
public sealed class SlimOptions
{
    /// <summary>
    /// The penalty on the sum of an item's weights, in users; at least 0. More makes the model sparser.
    /// </summary>
    /// <value>The default is 1.</value>
    public float L1 { get; set; } = 1;

    /// <summary>The penalty on the squared weights, in users; more than 0.</summary>
    /// <value>The default is 300; it grows with the number of users.</value>
    public float L2 { get; set; } = 300;

    /// <summary>How many weights an item keeps at most, the largest first; at least 1.</summary>
    /// <value>The default is 500.</value>
    public int Neighbours { get; set; } = 500;

    /// <summary>Whether a cell weighs its value (a rating, a count); otherwise every cell weighs 1.</summary>
    public bool UseValues { get; set; }

    /// <summary>An item's weights are done when no weight changes by more than this in a pass; more than 0.</summary>
    /// <value>The default is 0.0001.</value>
    public float Tolerance { get; set; } = 1e-4f;

    /// <summary>How many passes over an item's weights at most; at least 1.</summary>
    /// <value>The default is 100.</value>
    public int MaxPasses { get; set; } = 100;

    /// <summary>How many threads fit the model; 0 means one per processor. Does not change the result.</summary>
    public int Threads { get; set; }

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        Check(L1 >= 0 && float.IsFinite(L1), nameof(L1), L1, "at least 0");
        Check(L2 > 0 && float.IsFinite(L2), nameof(L2), L2, "more than 0");
        Check(Neighbours >= 1, nameof(Neighbours), Neighbours, "at least 1");
        Check(Tolerance > 0 && float.IsFinite(Tolerance), nameof(Tolerance), Tolerance, "more than 0");
        Check(MaxPasses >= 1, nameof(MaxPasses), MaxPasses, "at least 1");
        Check(Threads >= 0, nameof(Threads), Threads, "0 (all processors) or more");
    }

    private static void Check(bool holds, string name, float value, string limits)
    {
        if (!holds)
        {
            throw new ArgumentException($"Slim.{name} is {value}; it must be {limits}.");
        }
    }
}
