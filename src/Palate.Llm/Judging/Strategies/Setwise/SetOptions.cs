namespace Palate.Llm;

/// <summary>How many candidates a set shows.</summary>
public sealed record SetOptions
{
    /// <summary>How many candidates are shown beside the one that they are compared with.</summary>
    /// <value>The default is 3, as in ielab/llm-rankers: sets of four. 1 to 19.</value>
    public int Children { get; init; } = 3;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (Children is < 1 or > 19)
        {
            throw new ArgumentException($"The number of children is {Children}; give 1 to 19.");
        }
    }
}
