namespace Palate;

/// <summary>What an import accepts.</summary>
public sealed class ImportOptions
{
    /// <summary>The share of bad rows, 0 to 1, above which the import fails.</summary>
    /// <value>The default is 0.001, one row in a thousand.</value>
    public double MaxBadShare { get; init; } = 0.001;

    /// <summary>How many UTF-16 units of an item's text are kept; the rest is cut off at a code point.</summary>
    /// <value>The default is 65,536; 256 to 1,048,576.</value>
    public int MaxTextLength { get; init; } = 64 * 1024;

    /// <summary>How far ahead of the clock a time may lie, which clocks that differ make necessary.</summary>
    /// <value>The default is one day; not negative.</value>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many rows a stored batch has; a batch is stored whole or not at all.</summary>
    /// <value>The default is 500,000, which costs about 20 MB; 1 to 5,000,000.</value>
    public int BatchRows { get; init; } = 500_000;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its limits.</exception>
    internal void Validate()
    {
        if (!(MaxBadShare is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxBadShare), MaxBadShare, "The share of bad rows lies between 0 (none) and 1 (any number).");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTextLength, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxTextLength, 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAhead, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchRows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchRows, 5_000_000);
    }
}
