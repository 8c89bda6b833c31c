namespace Palate.Llm;

/// <summary>How a window slides over the candidates, from the back to the front.</summary>
public sealed record WindowOptions
{
    /// <summary>How many candidates a window shows.</summary>
    /// <value>The default is 20, as in RankGPT. 2 to 100; at most 20 where first tokens are read.</value>
    public int WindowSize { get; init; } = 20;

    /// <summary>How far a window moves; the overlap carries the best of a window on to the next.</summary>
    /// <value>The default is 10, as in RankGPT. 1 to one less than <see cref="WindowSize"/>.</value>
    public int Stride { get; init; } = 10;

    /// <summary>How often the window goes over the whole list.</summary>
    /// <value>The default is 1. 1 to 10.</value>
    public int Passes { get; init; } = 1;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (WindowSize is < 2 or > 100)
        {
            throw new ArgumentException($"The window size is {WindowSize}; give 2 to 100.");
        }

        if (Stride < 1 || Stride >= WindowSize)
        {
            throw new ArgumentException(
                $"The stride is {Stride} with a window of {WindowSize}; give 1 to {WindowSize - 1}, so that windows overlap.");
        }

        if (Passes is < 1 or > 10)
        {
            throw new ArgumentException($"The number of passes is {Passes}; give 1 to 10.");
        }
    }
}
