namespace Palate.Storage.Tests;

/// <summary>A reader of data that a test makes up.</summary>
internal sealed class ListReader : IDatasetReader
{
    public string Name => "list";

    public string Source => "memory";

    public List<Item> AllItems { get; init; } = [];

    public List<User> AllUsers { get; init; } = [];

    public IEnumerable<Interaction> AllInteractions { get; init; } = [];

    public Dictionary<string, List<Interaction>> AllHeldOut { get; init; } = [];

    public IReadOnlyList<string> Splits => [.. AllHeldOut.Keys];

    public IEnumerable<Item> Items(ImportReport report) => AllItems;

    public IEnumerable<User> Users(ImportReport report) => AllUsers;

    public IEnumerable<Interaction> Interactions(ImportReport report) => AllInteractions;

    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) => AllHeldOut[split];
}
