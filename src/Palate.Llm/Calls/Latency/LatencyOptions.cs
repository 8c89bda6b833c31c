namespace Palate.Llm;

/// <summary>What is believed of a model's speed before it was asked, and how fast that is forgotten.</summary>
public sealed class LatencyOptions
{
    /// <summary>The time of a call without tokens.</summary>
    /// <value>The default is 10 milliseconds: optimistic, so that a new model is tried at all.</value>
    public TimeSpan Fixed { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The time for a thousand prompt tokens that the prefix cache does not have.</summary>
    /// <value>The default is 20 milliseconds.</value>
    public TimeSpan PerThousandPromptTokens { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The time for a thousand tokens of reply.</summary>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan PerThousandOutputTokens { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many calls are remembered; 16 to 4096.</summary>
    /// <value>The default is 256.</value>
    public int Memory { get; init; } = 256;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Fixed, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(PerThousandPromptTokens, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(PerThousandOutputTokens, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Memory, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Memory, 4096);
    }
}
