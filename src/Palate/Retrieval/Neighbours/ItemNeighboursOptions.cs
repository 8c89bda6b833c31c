namespace Palate;

/// <summary>How <see cref="ItemNeighbours"/> is fitted.</summary>
public sealed class ItemNeighboursOptions
{
    /// <summary>How many neighbours an item keeps; at least 1.</summary>
    /// <value>The default is 400.</value>
    public int Neighbours { get; set; } = 400;

    /// <summary>
    /// Added to the denominator of the cosine, so that rare items are not alike by chance; at least 0.
    /// </summary>
    /// <value>The default is 50.</value>
    public float Shrink { get; set; } = 50;

    /// <summary>What a cell weighs.</summary>
    public NeighbourWeighting Weighting { get; set; } = NeighbourWeighting.Bm25;

    /// <summary>How many threads fit the model; 0 means one per processor. Does not change the result.</summary>
    public int Threads { get; set; }

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        if (Neighbours < 1)
        {
            throw new ArgumentException($"ItemNeighbours.Neighbours is {Neighbours}; it must be at least 1.");
        }

        if (!(Shrink >= 0) || !float.IsFinite(Shrink))
        {
            throw new ArgumentException($"ItemNeighbours.Shrink is {Shrink}; it must be at least 0.");
        }

        if (Threads < 0)
        {
            throw new ArgumentException($"ItemNeighbours.Threads is {Threads}; it must be 0 (all processors) or more.");
        }
    }
}
