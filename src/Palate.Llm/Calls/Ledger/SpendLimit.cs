namespace Palate.Llm;

/// <summary>How much money may be spent in an hour, a day or a month.</summary>
public sealed record SpendLimit
{
    /// <summary>The pipeline that it limits; null for all together.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The tenant that it limits; null for all together, or for each, see <see cref="EachTenant"/>.</summary>
    public string? Tenant { get; init; }

    /// <summary>Whether each tenant has this limit of its own; <see cref="Tenant"/> must be null then.</summary>
    public bool EachTenant { get; init; }

    /// <summary>When it is whole again.</summary>
    /// <value>The default is every day.</value>
    public SpendPeriod Per { get; init; } = SpendPeriod.Day;

    /// <summary>From here on it is told that the limit comes near, in millionths of a dollar; null for never.</summary>
    public long? SoftMicroDollars { get; init; }

    /// <summary>No call is sent that could lead beyond this, in millionths of a dollar; null for no such limit.</summary>
    public long? HardMicroDollars { get; init; }

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (SoftMicroDollars is null && HardMicroDollars is null)
        {
            throw new ArgumentException($"The spend limit {Name} has neither a soft nor a hard limit; give one.");
        }

        if (SoftMicroDollars < 0 || HardMicroDollars < 0 || SoftMicroDollars > HardMicroDollars)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The spend limit {Name} is {SoftMicroDollars} soft and {HardMicroDollars} hard; both must be 0 or more, and soft not above hard."));
        }

        if (EachTenant && Tenant is not null)
        {
            throw new ArgumentException($"The spend limit {Name} is for each tenant and for one; choose.");
        }
    }

    internal string Name => $"per {Per.ToString().ToLowerInvariant()} of pipeline {Pipeline ?? "*"}, tenant "
        + (EachTenant ? "each" : Tenant ?? "*");
}
