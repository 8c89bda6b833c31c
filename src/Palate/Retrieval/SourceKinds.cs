namespace Palate;

/// <summary>The kinds of candidate sources. A new one describes itself beside its class and stands here on a line.</summary>
internal static class SourceKinds
{
    /// <summary>All kinds, in the order in which they are fitted.</summary>
    public static IReadOnlyList<SourceKind> All { get; } =
    [
        Als.Kind,
        Ease.Kind,
        Ease.SideKind,
        Slim.Kind,
        ItemNeighbours.Kind,
        UserNeighbours.Kind,
        RandomWalk.Kind,
        Semantic.Kind,
        TextSearch.Kind,
        Trending.Kind,
        Popularity.Kind,
    ];

    /// <summary>The names of the kinds that go by the history.</summary>
    public static IEnumerable<string> Personal =>
        All.Where(kind => kind.Role is SourceRole.History or SourceRole.HistoryAndQuery).Select(kind => kind.Name);

    /// <summary>The kind of a name; null when there is none.</summary>
    public static SourceKind? Find(string name) => All.FirstOrDefault(kind => kind.IsNamed(name));
}
