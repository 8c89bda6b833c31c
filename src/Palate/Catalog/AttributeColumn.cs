using System.Globalization;

namespace Palate;

/// <summary>One attribute of all items (or users): which values each of them has, as dense codes.</summary>
/// <remarks>Immutable, therefore safe to read from any thread.</remarks>
public sealed class AttributeColumn
{
    // The codes of entity e are codes[offsets[e] .. offsets[e + 1]], ascending.
    private readonly int[] _offsets;
    private readonly int[] _codes;

    internal AttributeColumn(string name, IdMap values, int[] offsets, int[] codes)
    {
        Name = name;
        Values = values;
        _offsets = offsets;
        _codes = codes;
        Numbers = ReadNumbers();
    }

    /// <summary>The attribute's name, for example <c>genre</c>.</summary>
    public string Name { get; }

    /// <summary>The attribute's distinct values and their codes.</summary>
    public IdMap Values { get; }

    /// <summary>How many entities the column describes.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>One number per entity when every value is a number (NaN where an entity has none); otherwise null.</summary>
    public float[]? Numbers { get; }

    /// <summary>The codes of an entity's values, ascending; empty when it has none.</summary>
    public ReadOnlySpan<int> this[int index] =>
        _codes.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index]);

    /// <summary>Builds the column <paramref name="name"/> of entities that are given by their attributes.</summary>
    public static AttributeColumn Build(
        string name, IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var values = new IdMap();
        int[] offsets = new int[entities.Count + 1];
        var codes = new List<int>(entities.Count);
        var own = new SortedSet<int>();
        for (int entity = 0; entity < entities.Count; entity++)
        {
            if (entities[entity].TryGetValue(name, out IReadOnlyList<string>? texts))
            {
                own.Clear();
                foreach (string text in texts)
                {
                    if (text.Length > 0)
                    {
                        own.Add(values.Add(text));
                    }
                }

                codes.AddRange(own);
            }

            offsets[entity + 1] = codes.Count;
        }

        return new AttributeColumn(name, values, offsets, [.. codes]);
    }

    /// <summary>A column of exactly one value per entity, its cluster.</summary>
    internal static AttributeColumn OfClusters(string name, ReadOnlySpan<int> clusters)
    {
        var values = new IdMap();
        int[] offsets = new int[clusters.Length + 1];
        int[] codes = new int[clusters.Length];
        for (int entity = 0; entity < clusters.Length; entity++)
        {
            codes[entity] = values.Add(string.Create(CultureInfo.InvariantCulture, $"cluster {clusters[entity]}"));
            offsets[entity + 1] = entity + 1;
        }

        return new AttributeColumn(name, values, offsets, codes);
    }

    private float[]? ReadNumbers()
    {
        float[] parsed = new float[Values.Count];
        for (int code = 0; code < parsed.Length; code++)
        {
            if (!float.TryParse(
                    Values[code], NumberStyles.Float, CultureInfo.InvariantCulture, out parsed[code]) || !float.IsFinite(parsed[code]))
            {
                return null;
            }
        }

        float[] numbers = new float[Count];
        for (int entity = 0; entity < numbers.Length; entity++)
        {
            ReadOnlySpan<int> own = this[entity];
            numbers[entity] = own.IsEmpty ? float.NaN : parsed[own[0]];
        }

        return numbers;
    }
}
