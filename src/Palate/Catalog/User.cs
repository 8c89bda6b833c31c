namespace Palate;

/// <summary>Somebody who is recommended to, as far as the owner of the data describes them.</summary>
/// <param name="Id">The owner's id, never empty.</param>
public sealed record User(string Id)
{
    /// <summary>Values by attribute name, for example <c>occupation</c> to <c>writer</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = Palate.Attributes.None;
}
