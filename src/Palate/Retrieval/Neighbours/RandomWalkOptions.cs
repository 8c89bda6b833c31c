namespace Palate;

/// <summary>How <see cref="RandomWalk"/> is fitted.</summary>
public sealed class RandomWalkOptions
{
    /// <summary>The exponent of each step's probability; 0 to 4. Below 1 flattens it.</summary>
    /// <value>The default is 0.6.</value>
    public float Alpha { get; set; } = 0.6f;

    /// <summary>How strongly popular items are held back; 0 to 2.</summary>
    /// <value>The default is 0.6; 0 gives P3alpha.</value>
    public float Beta { get; set; } = 0.6f;

    /// <summary>How many neighbours an item keeps; at least 1.</summary>
    /// <value>The default is 400.</value>
    public int Neighbours { get; set; } = 400;

    /// <summary>How many threads fit the model; 0 means one per processor. Does not change the result.</summary>
    public int Threads { get; set; }

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        if (!(Alpha >= 0 && Alpha <= 4))
        {
            throw new ArgumentException($"RandomWalk.Alpha is {Alpha}; it must be 0 to 4.");
        }

        if (!(Beta >= 0 && Beta <= 2))
        {
            throw new ArgumentException($"RandomWalk.Beta is {Beta}; it must be 0 to 2.");
        }

        if (Neighbours < 1)
        {
            throw new ArgumentException($"RandomWalk.Neighbours is {Neighbours}; it must be at least 1.");
        }

        if (Threads < 0)
        {
            throw new ArgumentException($"RandomWalk.Threads is {Threads}; it must be 0 (all processors) or more.");
        }
    }
}
