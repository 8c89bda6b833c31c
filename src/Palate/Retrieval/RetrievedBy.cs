namespace Palate;

/// <summary>What candidates were found by.</summary>
internal enum RetrievedBy
{
    /// <summary>No source proposed anything.</summary>
    Nothing,

    /// <summary>The user's history.</summary>
    History,

    /// <summary>The history, filled up by sources that go by nothing, because too few were found.</summary>
    HistoryAndFallback,

    /// <summary>The query.</summary>
    Query,

    /// <summary>Nothing about the user: what is popular or trending.</summary>
    Fallback,
}
