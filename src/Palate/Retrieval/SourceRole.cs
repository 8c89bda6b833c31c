namespace Palate;

/// <summary>What a candidate source goes by.</summary>
internal enum SourceRole
{
    /// <summary>The user's history.</summary>
    History,

    /// <summary>The user's history, and the query where there is one.</summary>
    HistoryAndQuery,

    /// <summary>The words of the query.</summary>
    Words,

    /// <summary>The interactions of all: what is popular or trending.</summary>
    Everybody,
}
