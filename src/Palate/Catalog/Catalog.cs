using System.Collections.Frozen;

namespace Palate;

/// <summary>The items that can be recommended, each at a dense index, with their attributes as columns.</summary>
/// <remarks>Immutable, therefore safe to read from any thread.</remarks>
public sealed class Catalog
{
    private readonly FrozenDictionary<string, AttributeColumn> _columns;

    /// <summary>A catalog of the given items; an item's index is its place in the list.</summary>
    /// <exception cref="ArgumentException">Two items have the same id.</exception>
    public Catalog(IReadOnlyList<Item> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        Items = items;
        Ids = new IdMap([.. items.Select(item => item.Id)]);
        IReadOnlyDictionary<string, IReadOnlyList<string>>[] attributes = [.. items.Select(item => item.Attributes)];
        _columns = attributes
            .SelectMany(own => own.Keys)
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(
                name => name, name => AttributeColumn.Build(name, attributes), StringComparer.Ordinal);
    }

    /// <summary>The items in index order.</summary>
    public IReadOnlyList<Item> Items { get; }

    /// <summary>External item ids and their indices.</summary>
    public IdMap Ids { get; }

    /// <summary>How many items there are.</summary>
    public int Count => Items.Count;

    /// <summary>The names of the attributes that any item has, in ordinal order.</summary>
    public IReadOnlyList<string> AttributeNames => [.. _columns.Keys.Order(StringComparer.Ordinal)];

    /// <summary>An attribute's column, or null when no item has that attribute.</summary>
    public AttributeColumn? Attribute(string name) => _columns.GetValueOrDefault(name);
}
