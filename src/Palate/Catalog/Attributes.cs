using System.Collections.Frozen;

namespace Palate;

/// <summary>The empty set of attributes, shared by all that have none.</summary>
public static class Attributes
{
    /// <summary>No attribute at all.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> None { get; } =
        FrozenDictionary<string, IReadOnlyList<string>>.Empty;
}
