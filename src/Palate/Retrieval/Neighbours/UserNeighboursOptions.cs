namespace Palate;

/// <summary>How <see cref="UserNeighbours"/> works.</summary>
public sealed class UserNeighboursOptions
{
    /// <summary>How many similar users are asked; at least 1.</summary>
    /// <value>The default is 120.</value>
    public int Neighbours { get; set; } = 120;

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        if (Neighbours < 1)
        {
            throw new ArgumentException($"UserNeighbours.Neighbours is {Neighbours}; it must be at least 1.");
        }
    }
}
