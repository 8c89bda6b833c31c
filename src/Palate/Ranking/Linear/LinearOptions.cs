namespace Palate;

/// <summary>How <see cref="Linear"/> is trained.</summary>
public sealed class LinearOptions
{
    /// <summary>What pulls the weights of the standardised features to 0: above 0.</summary>
    /// <value>The default is 1, the strength of a few rows.</value>
    public float L2 { get; set; } = 1;

    /// <summary>The most Newton steps: at least 1. It seldom takes more than ten.</summary>
    /// <value>The default is 50.</value>
    public int MaxSteps { get; set; } = 50;

    /// <summary>How many threads work: at least 1. The model does not depend on it.</summary>
    /// <value>The default is the number of processors.</value>
    public int Threads { get; set; } = Environment.ProcessorCount;

    internal void Validate()
    {
        if (!float.IsFinite(L2) || L2 <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(L2), L2, "L2 must be finite and above 0.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}
