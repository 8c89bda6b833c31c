namespace Palate.Llm;

/// <summary>How candidates are dealt out over blocks that are judged at once.</summary>
public sealed record BlockOptions
{
    /// <summary>How many candidates a block shows at most.</summary>
    /// <value>The default is 20. 2 to 100.</value>
    public int BlockSize { get; init; } = 20;

    /// <summary>In how many blocks each candidate is; more than one ties the blocks together.</summary>
    /// <value>The default is 2. 1 to 20.</value>
    public int Replicas { get; init; } = 2;

    /// <summary>Whether a second round orders the best of the first in one block.</summary>
    /// <value>The default is false: one round, as in JointRank.</value>
    public bool SecondRound { get; init; }

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (BlockSize is < 2 or > 100)
        {
            throw new ArgumentException($"The block size is {BlockSize}; give 2 to 100.");
        }

        if (Replicas is < 1 or > 20)
        {
            throw new ArgumentException($"The number of replicas is {Replicas}; give 1 to 20.");
        }
    }
}
