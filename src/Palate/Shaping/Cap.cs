namespace Palate;

/// <summary>A rule: the answer holds at most so many items of a value.</summary>
/// <param name="Attribute">The attribute, for example <c>brand</c>.</param>
/// <param name="Value">The value; null caps every value of the attribute, each on its own.</param>
/// <param name="Most">How many, 1 or more.</param>
public sealed record Cap(string Attribute, string? Value, int Most)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Attribute}={Value ?? "*"}";
}
