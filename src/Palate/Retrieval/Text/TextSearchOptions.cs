namespace Palate;

/// <summary>How <see cref="TextSearch"/> weighs terms.</summary>
public sealed class TextSearchOptions
{
    /// <summary>How slowly repeated terms saturate, 0 or more (k1 of BM25).</summary>
    /// <value>The default is 1.2.</value>
    public double Saturation { get; init; } = 1.2;

    /// <summary>How much a long field is held against its terms, 0 to 1 (b of BM25).</summary>
    /// <value>The default is 0.75.</value>
    public double LengthPenalty { get; init; } = 0.75;

    /// <summary>What a term in the title counts for, 0 or more.</summary>
    /// <value>The default is 3.</value>
    public double TitleWeight { get; init; } = 3;

    /// <summary>What a term in the text counts for, 0 or more.</summary>
    /// <value>The default is 1.</value>
    public double TextWeight { get; init; } = 1;

    internal void Validate()
    {
        Require(Saturation is >= 0 and < 1e6, nameof(Saturation), Saturation, "0 or more");
        Require(LengthPenalty is >= 0 and <= 1, nameof(LengthPenalty), LengthPenalty, "between 0 and 1");
        Require(TitleWeight is >= 0 and < 1e6, nameof(TitleWeight), TitleWeight, "0 or more");
        Require(TextWeight is >= 0 and < 1e6, nameof(TextWeight), TextWeight, "0 or more");
    }

    private static void Require(bool holds, string name, double value, string limits)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {limits}.");
        }
    }
}
