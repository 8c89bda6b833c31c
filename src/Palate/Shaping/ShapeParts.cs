namespace Palate;

/// <summary>Turns options into a shaper, and candidates into the list that it orders.</summary>
internal sealed class ShapeParts
{
    private readonly Generation _generation;
    private readonly ShapingOptions _options;
    private readonly AttributeColumn? _column;
    private readonly Lazy<ItemStatistics> _statistics;

    /// <exception cref="InvalidRequestException">
    /// The options name what there is not, or lack what the method needs.
    /// </exception>
    public ShapeParts(
        Generation generation, ShapingOptions options, IReadOnlyList<Shaper> own, Lazy<ItemStatistics> statistics)
    {
        options.Validate();
        _generation = generation;
        _options = options;
        _statistics = statistics;
        Shaper = own.FirstOrDefault(shaper => shaper.Name == options.Method) ?? Shapers.Create(options) ?? throw Wrong(
            $"there is no method '{options.Method}'; there are "
            + $"{string.Join(", ", Shapers.Names.Concat(own.Select(shaper => shaper.Name)))}.");
        if (options.Attribute is { } name)
        {
            _column = generation.Catalog.Attribute(name) ?? throw Wrong(
                $"no item has the attribute '{name}'; there are {string.Join(", ", generation.Catalog.AttributeNames)}.");
        }

        if (_column is null && Shaper.Requires.HasFlag(ShaperNeeds.Attribute))
        {
            throw Wrong($"'{options.Method}' goes by an attribute; name one, for example genre.");
        }

        if (Shaper.Requires.HasFlag(ShaperNeeds.Groups) && options is { GroupFrom: null, GroupValues.Count: 0 })
        {
            throw Wrong($"'{options.Method}' is between two groups; say which with group_from or group_values.");
        }

        if (options.GroupFrom is not null && _column?.Numbers is null)
        {
            throw Wrong($"group_from needs an attribute of numbers, and '{options.Attribute}' is none.");
        }

        if (options.Similarity == SimilarityKind.Attribute && _column is null)
        {
            throw Wrong("similarity by attribute needs one; name it, for example genre.");
        }

        if ((options.Similarity == SimilarityKind.Text && generation.Sources.Texts is null)
            || (options.Similarity == SimilarityKind.Behaviour && !generation.Sources.OfType<Als>().Any()))
        {
            throw Wrong($"similarity by {options.Similarity} needs a model that the generation does not have.");
        }

        // Law 5: a diversity without anything to tell items apart would silently do nothing.
        if (Shaper.Requires.HasFlag(ShaperNeeds.Similarity) && _column is null && options.Similarity is null
            && generation.Sources.Texts is null && !generation.Sources.OfType<Als>().Any())
        {
            throw Wrong($"'{options.Method}' has nothing to tell items apart by; name an attribute, for example genre.");
        }
    }

    public Shaper Shaper { get; }

    public float Weight => _options.Weight;

    /// <summary>The list of candidates for the shaper, with only what it may need.</summary>
    public ShapingList List(float[] relevance, ReadOnlySpan<int> items, Profile profile)
    {
        ListTopics? topics = _column is null ? null : ListTopics.Of(_column, items);
        float[]? novelty = null;
        if (Shaper.Uses.HasFlag(ShaperNeeds.Novelty))
        {
            novelty = new float[items.Length];
            for (int place = 0; place < novelty.Length; place++)
            {
                novelty[place] = (float)_statistics.Value.Novelty[items[place]];
            }
        }

        return new ShapingList(relevance)
        {
            Topics = topics,
            Taste = Shaper.Uses.HasFlag(ShaperNeeds.Taste) ? topics?.TasteOf(profile.Items) : null,
            Similarity = SimilarityOf(topics, items),
            Groups = _options.GroupFrom is { } from ? ItemGroups.ByNumber(_column!, from, items)
                : _options.GroupValues.Count > 0 ? ItemGroups.ByValues(_column!, _options.GroupValues, items)
                : null,
            Novelty = novelty,
        };
    }

    private ListSimilarity SimilarityOf(ListTopics? topics, ReadOnlySpan<int> items)
    {
        if (!Shaper.Uses.HasFlag(ShaperNeeds.Similarity))
        {
            return ListSimilarity.None(items.Length);
        }

        ItemVectors? texts = _generation.Sources.Texts?.Vectors;
        switch (_options.Similarity)
        {
            case SimilarityKind.Attribute or null when topics is not null:
                return ListSimilarity.OfTopics(topics);
            case SimilarityKind.Text or null when texts is not null:
                return ListSimilarity.OfVectors(texts, items);
            default:
                return _generation.Sources.OfType<Als>().FirstOrDefault() is { } als
                    ? ListSimilarity.OfVectors(als.ItemFactors, als.Width, als.Factors, items)
                    : ListSimilarity.None(items.Length);
        }
    }

    private static InvalidRequestException Wrong(string message) => new("shaping", "shaping: " + message);
}
