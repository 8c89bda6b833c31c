namespace Palate;

/// <summary>A generation cannot be loaded, published or returned to.</summary>
public sealed class GenerationException : IOException
{
    /// <summary>Says what is wrong with which generation and what to do.</summary>
    public GenerationException(string generation, string message, Exception? inner = null)
        : base(message, inner) => Generation = generation;

    /// <summary>The generation's name; empty when there is none.</summary>
    public string Generation { get; }
}
