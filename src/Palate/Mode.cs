namespace Palate;

/// <summary>How an answer came about, and why: a name, a code for programs and a sentence for people.</summary>
/// <remarks>
/// The sentence is true and safe to show: it holds no text of an exception, of a provider or of other people, no address
/// and no key. The default value is the base order without a reason.
/// </remarks>
public readonly record struct Mode
{
    private readonly string? _name;
    private readonly string? _code;
    private readonly string? _reason;

    private Mode(string name, string code, string reason)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(reason);
        (_name, _code, _reason) = (name, code, reason);
    }

    /// <summary><c>full</c>, <c>partial</c>, <c>cascade:TIER</c> or <c>base</c>.</summary>
    public string Name => _name ?? "base";

    /// <summary>One of <see cref="ReasonCode"/>, or a word of a re-ranker of your own.</summary>
    public string Code => _code ?? "";

    /// <summary>Why, in a sentence.</summary>
    public string Reason => _reason ?? "";

    /// <summary>Whether a judge gave the order; otherwise the base order stands.</summary>
    public bool IsJudged => _name is not (null or "base");

    /// <summary>Whether everything that was asked of the judge was answered.</summary>
    public bool IsFull => _name is "full";

    /// <summary>The judge answered all that it was asked.</summary>
    public static Mode Full(string code, string reason) => new("full", code, reason);

    /// <summary>The judge answered a part of what it was asked.</summary>
    public static Mode Partial(string code, string reason) => new("partial", code, reason);

    /// <summary>The base order stands.</summary>
    public static Mode Base(string code, string reason) => new("base", code, reason);

    /// <summary>A later tier of a cascade answered.</summary>
    /// <exception cref="ArgumentException">The tier has no name.</exception>
    public static Mode Cascade(string tier, string code, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tier);
        return new("cascade:" + tier, code, reason);
    }

    /// <summary>A mode of a name, as it stands in an answer.</summary>
    internal static Mode Of(string name, string code, string reason) => new(name, code, reason);

    /// <summary>The mode's name.</summary>
    public override string ToString() => Name;
}
