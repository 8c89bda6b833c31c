namespace Palate.Simulation;

/// <summary>A shelf of the demo shop and the words from which its items are made.</summary>
/// <param name="Department">The shelf's department.</param>
/// <param name="Name">The subcategory's name.</param>
/// <param name="Nouns">Words for one such item.</param>
/// <param name="LowPrice">The lowest price.</param>
/// <param name="HighPrice">The highest price.</param>
/// <param name="Words">Word lists by the name that title patterns use: makers, a, b, c.</param>
/// <param name="Titles">Title patterns.</param>
/// <param name="Facets">How items differ.</param>
internal sealed record DemoSubcategory(
    DemoDepartment Department,
    string Name,
    string[] Nouns,
    int LowPrice,
    int HighPrice,
    IReadOnlyDictionary<string, string[]> Words,
    string[] Titles,
    DemoFacet[] Facets);
