namespace Palate.Llm;

/// <summary>How many tournaments are held.</summary>
public sealed record TournamentOptions
{
    /// <summary>How many tournaments are held, side by side.</summary>
    /// <value>The default is 1. 1 to 20; the source's best results are at 10.</value>
    public int Tournaments { get; init; } = 1;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (Tournaments is < 1 or > 20)
        {
            throw new ArgumentException($"The number of tournaments is {Tournaments}; give 1 to 20.");
        }
    }
}
