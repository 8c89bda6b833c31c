namespace Palate.Llm;

/// <summary>How calls are priced, limited and written down.</summary>
public sealed class SpendOptions
{
    /// <summary>What models cost.</summary>
    public required PriceMap Prices { get; init; }

    /// <summary>Where every call is written down.</summary>
    public required ILedger Ledger { get; init; }

    /// <summary>Limits by the hour, day and month; null for none.</summary>
    public SpendLimits? Limits { get; init; }

    /// <summary>What to do with a model that has no price.</summary>
    /// <value>The default is to refuse it.</value>
    public UnknownPrice Unknown { get; init; } = UnknownPrice.Refuse;

    /// <summary>
    /// How long a call that its caller has given up is left running to learn what it used, 0 to 10 minutes. The caller
    /// does not wait. It applies to replies that are not streamed, and ends no later than the call's own timeout.
    /// </summary>
    /// <value>The default is zero: the call is cancelled at once, and its usage estimated.</value>
    public TimeSpan Grace { get; init; } = TimeSpan.Zero;

    /// <summary>Called after every call, for estimators that learn from it; must be quick, and must not throw.</summary>
    public Action<CallContext, LedgerEntry>? Observer { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Prices);
        ArgumentNullException.ThrowIfNull(Ledger);
        ArgumentOutOfRangeException.ThrowIfLessThan(Grace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Grace, TimeSpan.FromMinutes(10));
    }
}
