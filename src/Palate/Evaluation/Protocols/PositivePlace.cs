namespace Palate;

/// <summary>How the held-out item comes among the candidates of a <see cref="ReorderProtocol"/>.</summary>
public enum PositivePlace
{
    /// <summary>
    /// Only users count whose item the ranker itself has among its candidates. The base order is then what a re-orderer
    /// meets in service, and better than chance.
    /// </summary>
    Found,

    /// <summary>
    /// The item replaces the last candidate when the ranker did not find it, and stands where its score puts it: last.
    /// All users count, but the base order can fall below chance, and any shuffling of it looks like progress.
    /// </summary>
    Inserted,
}
