using System.Globalization;

namespace Palate.Llm;

/// <summary>An amount of dollars, in whole pico-dollars (10^-12), so that sums are exact.</summary>
/// <remarks>
/// A price of one millionth of a dollar for a million tokens is one pico-dollar a token, and finer prices are refused:
/// every cost is a whole number, and adding never rounds. The largest amount is 9.2 million dollars; beyond it an
/// operation throws <see cref="OverflowException"/>.
/// </remarks>
/// <param name="PicoDollars">The amount; negative for a correction downwards.</param>
public readonly record struct Money(long PicoDollars) : IComparable<Money>
{
    private const long PicoPerMicro = 1_000_000;

    /// <summary>Nothing.</summary>
    public static Money Zero => default;

    /// <summary>The amount in millionths of a dollar, rounded to the nearest, half to even.</summary>
    public long MicroDollars => (long)Math.Round((decimal)PicoDollars / PicoPerMicro, MidpointRounding.ToEven);

    /// <summary>The exact amount in dollars.</summary>
    public decimal Dollars => PicoDollars / 1_000_000_000_000m;

    /// <summary>An amount of millionths of a dollar.</summary>
    public static Money FromMicroDollars(long microDollars) => new(checked(microDollars * PicoPerMicro));

    /// <summary>The sum.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.PicoDollars + right.PicoDollars));

    /// <summary>The difference.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.PicoDollars - right.PicoDollars));

    /// <summary>Whether the left is less.</summary>
    public static bool operator <(Money left, Money right) => left.PicoDollars < right.PicoDollars;

    /// <summary>Whether the left is more.</summary>
    public static bool operator >(Money left, Money right) => left.PicoDollars > right.PicoDollars;

    /// <summary>Whether the left is not more.</summary>
    public static bool operator <=(Money left, Money right) => left.PicoDollars <= right.PicoDollars;

    /// <summary>Whether the left is not less.</summary>
    public static bool operator >=(Money left, Money right) => left.PicoDollars >= right.PicoDollars;

    /// <inheritdoc/>
    public int CompareTo(Money other) => PicoDollars.CompareTo(other.PicoDollars);

    /// <summary>The sum, for places where operators cannot go.</summary>
    public Money Add(Money other) => this + other;

    /// <summary>The difference, for places where operators cannot go.</summary>
    public Money Subtract(Money other) => this - other;

    /// <summary>Dollars to the micro-dollar, for example <c>$0.001250</c>.</summary>
    public override string ToString() =>
        "$" + (MicroDollars / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);
}
