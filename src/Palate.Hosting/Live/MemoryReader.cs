namespace Palate.Hosting;

/// <summary>Data that an application holds itself.</summary>
internal sealed class MemoryReader(IEnumerable<Item> items, IEnumerable<Interaction> interactions) : IDatasetReader
{
    public string Name => "memory";

    public string Source => "memory";

    public IReadOnlyList<string> Splits => [];

    public IEnumerable<Item> Items(ImportReport report) => items;

    public IEnumerable<User> Users(ImportReport report) => [];

    public IEnumerable<Interaction> Interactions(ImportReport report) => interactions;

    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) => [];
}
