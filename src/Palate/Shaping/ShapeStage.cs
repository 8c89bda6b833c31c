using System.Globalization;

namespace Palate;

/// <summary>The last stage before the cut: boosts, then the shaper, then caps and pins.</summary>
/// <remarks>
/// Serves one request. It remembers each candidate's place after every step: the explanation is read off them.
/// </remarks>
internal sealed class ShapeStage
{
    private readonly Catalog _catalog;
    private readonly Ranking _ranking;
    private readonly ShapingRequest _request;
    private readonly List<RuleOutcome> _outcomes = [];

    // The places of each candidate, 0-based: before, after boosts, after the shaper, at the end.
    private readonly int[] _before;
    private int[] _boosted;
    private int[] _shaped;
    private int[] _final;
    private Applied? _applied;
    private PinsAndCaps? _placed;

    private ShapeStage(Catalog catalog, Ranking ranking, ShapingRequest request)
    {
        _catalog = catalog;
        _ranking = ranking;
        _request = request;
        _before = PlacesOf(ranking.Order);
        _boosted = _shaped = _final = _before;
        Ranking = ranking;
    }

    /// <summary>The ranking after the stage.</summary>
    public Ranking Ranking { get; private set; }

    /// <summary>How many of the ranking keep every cap: the cut is no deeper.</summary>
    public int Limit => _placed!.Limit;

    /// <summary>What became of each rule.</summary>
    public IReadOnlyList<RuleOutcome> Outcomes => [.. _outcomes, .. _placed!.Outcomes];

    private ReadOnlySpan<int> Items => _ranking.Candidates.Items;

    /// <summary>Shapes a ranking.</summary>
    /// <param name="catalog">The attributes.</param>
    /// <param name="ranking">What rank and rerank left.</param>
    /// <param name="request">The rules and the count.</param>
    /// <param name="parts">The shaper and what it goes by; null for none.</param>
    /// <param name="context">The profile and the filter.</param>
    public static ShapeStage Run(
        Catalog catalog, Ranking ranking, ShapingRequest request, ShapeParts? parts, RetrievalContext context)
    {
        var stage = new ShapeStage(catalog, ranking, request);
        int[] order = (int[])ranking.Order.Clone();
        float[] relevance = stage.Relevance(order);
        order = stage.ApplyBoosts(order, relevance);
        stage._boosted = PlacesOf(order);
        order = stage.ApplyShaper(order, relevance, parts, context);
        stage._shaped = PlacesOf(order);
        var placed = PinsAndCaps.Place(catalog, order, ranking.Candidates.Items, request, context);
        stage._placed = placed;
        stage._final = PlacesOf(placed.Order);
        order = placed.Order;

        // The score is the share of the candidates from here on: strictly falling, whatever the stages before said.
        float[] scores = new float[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            scores[order[place]] = 1 - place / (float)order.Length;
        }

        stage.Ranking = ranking.After("shape", scores);
        return stage;
    }

    /// <summary>The pinned items that may be shown, for retrieval to make candidates of.</summary>
    public static int[] Pinned(Rules rules, Catalog catalog, ItemFilter filter) =>
    [
        .. rules.Pins.Select(pin => catalog.Ids.IndexOf(pin.ItemId))
            .Where(item => item >= 0 && filter.Allows(item))
            .Distinct()
            .Order(),
    ];

    /// <summary>What moved a candidate, and why; the parts add up to the places that it moved up.</summary>
    public Explanation Explain(int candidate)
    {
        var parts = new List<Explanation>();
        int boosted = _before[candidate] - _boosted[candidate];
        float by = BoostOf(Items[candidate], out string matched);
        if (boosted != 0 || matched.Length > 0)
        {
            parts.Add(new Explanation("boost", boosted, matched.Length == 0
                ? "Others were boosted or buried."
                : string.Create(CultureInfo.InvariantCulture, $"{by:+0.##;-0.##;0} of relevance for {matched}.")));
        }

        int shaped = _boosted[candidate] - _shaped[candidate];
        if (_applied is { } applied)
        {
            string why = applied.Parts.Shaper.Explain(applied.List, applied.Order, _shaped[candidate]);
            string move = shaped == 0 ? "Kept" : shaped > 0 ? "Moved up" : "Moved down";
            (int from, int to) = (_boosted[candidate] + 1, _shaped[candidate] + 1);
            parts.Add(new Explanation(applied.Parts.Shaper.Name, shaped, string.Create(
                CultureInfo.InvariantCulture,
                $"{move} at weight {applied.Parts.Weight:0.##}, from place {from} to {to}: it {why}")));
        }

        int ruled = _shaped[candidate] - _final[candidate];
        string? reason = _placed!.ReasonOf(candidate);
        if (ruled != 0 || reason is not null)
        {
            parts.Add(new Explanation("rules", ruled, reason ?? "Pins and caps moved others."));
        }

        int moved = _before[candidate] - _final[candidate];
        return new Explanation("shape", moved, moved == 0
            ? $"Place {_final[candidate] + 1}, as before."
            : $"Place {_before[candidate] + 1} before, {_final[candidate] + 1} after.")
        {
            Parts = parts,
        };
    }

    /// <summary>The last stage's scores mapped to 0..1, in the order of the ranking.</summary>
    private float[] Relevance(int[] order)
    {
        float[] relevance = new float[order.Length];
        bool isFinite = true;
        for (int place = 0; place < order.Length; place++)
        {
            relevance[place] = _ranking.Stages[^1].Scores[order[place]];
            isFinite &= float.IsFinite(relevance[place]);
        }

        Normaliser.ToUnit(relevance);
        for (int place = 0; place < order.Length; place++)
        {
            // Infinite scores have an order and no distances: their places stand in for them.
            relevance[place] = isFinite && float.IsFinite(relevance[place])
                ? Math.Clamp(relevance[place], 0, 1)
                : 1 - place / (float)order.Length;
        }

        return relevance;
    }

    private int[] ApplyBoosts(int[] order, float[] relevance)
    {
        if (_request.Rules.Boosts.Count == 0)
        {
            return order;
        }

        foreach (Boost boost in _request.Rules.Boosts)
        {
            int matches = order.Count(candidate => Matches(boost.Attribute, boost.Value, Items[candidate]));
            string subject = $"{boost.Attribute}={boost.Value}";
            _outcomes.Add(new RuleOutcome("boost", subject, matches > 0, matches > 0
                ? string.Create(
                    CultureInfo.InvariantCulture, $"{matches} candidates got {boost.By:+0.##;-0.##;0} of relevance.")
                : $"No candidate has {subject}."));
        }

        float[] sums = new float[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            sums[place] = relevance[place] + BoostOf(Items[order[place]], out _);
        }

        // A stable order: what is boosted alike keeps its order.
        int[] places = [.. Enumerable.Range(0, order.Length).OrderByDescending(place => sums[place])];
        int[] boosted = [.. places.Select(place => order[place])];
        for (int place = 0; place < order.Length; place++)
        {
            relevance[place] = sums[places[place]];
        }

        if (order.Length > 0 && (relevance[0] > 1 || relevance[^1] < 0))
        {
            Normaliser.ToUnit(relevance);
        }

        return boosted;
    }

    private int[] ApplyShaper(int[] order, float[] relevance, ShapeParts? parts, RetrievalContext context)
    {
        if (parts is not { Weight: > 0 })
        {
            return order;
        }

        int[] items = new int[order.Length];
        for (int place = 0; place < items.Length; place++)
        {
            items[place] = Items[order[place]];
        }

        ShapingList list = parts.List(relevance, items, context.Profile);
        int[] places = parts.Shaper.Shape(list, Math.Min(_request.Count, ShapingOptions.MaxPlaces), parts.Weight);
        _applied = new Applied(parts, list, places);
        return [.. places.Select(place => order[place])];
    }

    private float BoostOf(int item, out string matched)
    {
        float by = 0;
        matched = "";
        foreach (Boost boost in _request.Rules.Boosts)
        {
            if (Matches(boost.Attribute, boost.Value, item))
            {
                by += boost.By;
                matched += $"{(matched.Length > 0 ? ", " : "")}{boost.Attribute}={boost.Value}";
            }
        }

        return by;
    }

    private bool Matches(string attribute, string value, int item)
    {
        AttributeColumn? column = _catalog.Attribute(attribute);
        int code = column?.Values.IndexOf(value) ?? -1;
        return code >= 0 && column![item].BinarySearch(code) >= 0;
    }

    private static int[] PlacesOf(int[] order)
    {
        int[] places = new int[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            places[order[place]] = place;
        }

        return places;
    }

    private sealed record Applied(ShapeParts Parts, ShapingList List, int[] Order);
}
