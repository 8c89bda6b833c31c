namespace Palate.Cli;

/// <summary>A data set whose items get their texts from a side file.</summary>
/// <remarks>Holds all items in memory while they are joined.</remarks>
internal sealed class TextedReader(IDatasetReader inner, SideTexts texts, bool isByTitle) : IDatasetReader
{
    /// <summary>How far the join went; null until the items were read.</summary>
    public SideTextJoin? Join { get; private set; }

    public string Name => inner.Name;

    public string Source => inner.Source;

    public IReadOnlyList<string> Splits => inner.Splits;

    public IEnumerable<Item> Items(ImportReport report)
    {
        // The last description of an item counts, as in the store.
        var latest = new OrderedDictionary<string, Item>(StringComparer.Ordinal);
        foreach (Item item in inner.Items(report))
        {
            latest[item.Id] = item;
        }

        var catalog = new Catalog([.. latest.Values]);
        Join = isByTitle ? texts.JoinByTitle(catalog) : texts.JoinById(catalog);
        return Join.Catalog.Items;
    }

    public IEnumerable<User> Users(ImportReport report) => inner.Users(report);

    public IEnumerable<Interaction> Interactions(ImportReport report) => inner.Interactions(report);

    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) => inner.HeldOut(split, report);
}
