namespace Palate;

/// <summary>When a student has agreed with the model enough to stand in for it.</summary>
public sealed record AgreementOptions
{
    /// <summary>The mean overlap of the top that is needed.</summary>
    /// <value>The default is 0.7. 0 to 1.</value>
    public double Needed { get; init; } = 0.7;

    /// <summary>How many requests of a segment are needed.</summary>
    /// <value>The default is 50. At least 1.</value>
    public int MinRequests { get; init; } = 50;

    /// <summary>The weight of the newest request in the moving mean.</summary>
    /// <value>The default is 0.05: about the last 40 requests. Above 0, at most 1.</value>
    public double Weight { get; init; } = 0.05;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its limits.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRequests, 1);
        if (!(Needed >= 0 && Needed <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Needed), Needed, "Needed must be from 0 to 1.");
        }

        if (!(Weight > 0 && Weight <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Weight), Weight, "Weight must be above 0 and at most 1.");
        }
    }
}
