using System.Globalization;

namespace Palate;

/// <summary>The last stage before the cut: boosts, then the shaper, then caps and pins.</summary>
/// <remarks>Serves one request. It remembers each candidate's place after every step: the explanation is read off them.</remarks>
internal sealed class ShapeStage
{
    private readonly Catalog _catalog;
    private readonly Ranking _ranking;
    private readonly RecommendRequest _request;
    private readonly List<RuleOutcome> _outcomes = [];

    // What a rule did to a candidate that it moved; null for the others.
    private readonly string?[] _reasons;

    // The places of each candidate, 0-based: before, after boosts, after the shaper, at the end.
    private readonly int[] _before;
    private int[] _boosted;
    private int[] _shaped;
    private int[] _final;
    private Applied? _applied;

    private ShapeStage(Catalog catalog, Ranking ranking, RecommendRequest request)
    {
        _catalog = catalog;
        _ranking = ranking;
        _request = request;
        _reasons = new string?[ranking.Order.Length];
        _before = PlacesOf(ranking.Order);
        _boosted = _shaped = _final = _before;
        Ranking = ranking;
    }

    /// <summary>The ranking after the stage.</summary>
    public Ranking Ranking { get; private set; }

    /// <summary>How many of the ranking keep every cap: the cut is no deeper.</summary>
    public int Limit { get; private set; }

    /// <summary>What became of each rule.</summary>
    public IReadOnlyList<RuleOutcome> Outcomes => _outcomes;

    private ReadOnlySpan<int> Items => _ranking.Candidates.Items;

    /// <summary>Shapes a ranking.</summary>
    /// <param name="catalog">The attributes.</param>
    /// <param name="ranking">What rank and rerank left.</param>
    /// <param name="request">The rules and the count.</param>
    /// <param name="parts">The shaper and what it goes by; null for none.</param>
    /// <param name="context">The profile and the filter.</param>
    public static ShapeStage Run(
        Catalog catalog, Ranking ranking, RecommendRequest request, ShapeParts? parts, RetrievalContext context)
    {
        var stage = new ShapeStage(catalog, ranking, request);
        int[] order = (int[])ranking.Order.Clone();
        float[] relevance = stage.Relevance(order);
        order = stage.ApplyBoosts(order, relevance);
        stage._boosted = PlacesOf(order);
        order = stage.ApplyShaper(order, relevance, parts, context);
        stage._shaped = PlacesOf(order);
        order = stage.ApplyCapsAndPins(order, context);
        stage._final = PlacesOf(order);

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
            parts.Add(new Explanation(applied.Parts.Shaper.Name, shaped, string.Create(
                CultureInfo.InvariantCulture,
                $"{move} at weight {applied.Parts.Weight:0.##}, from place {_boosted[candidate] + 1} to {_shaped[candidate] + 1}: it {why}")));
        }

        int ruled = _shaped[candidate] - _final[candidate];
        if (ruled != 0 || _reasons[candidate] is not null)
        {
            parts.Add(new Explanation("rules", ruled, _reasons[candidate] ?? "Pins and caps moved others."));
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

        Pipeline.Normalise(relevance);
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
                ? string.Create(CultureInfo.InvariantCulture, $"{matches} candidates got {boost.By:+0.##;-0.##;0} of relevance.")
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
            Pipeline.Normalise(relevance);
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

    /// <summary>Fills the places one by one: a pin's place with the pin, any other with the next that fits the caps.</summary>
    private int[] ApplyCapsAndPins(int[] order, RetrievalContext context)
    {
        Limit = order.Length;
        Rules rules = _request.Rules;
        if (rules.Pins.Count + rules.Caps.Count == 0)
        {
            return order;
        }

        var shown = new CapCounts(_catalog, rules.Caps);
        SortedDictionary<int, int> pins = PlacePins(order.Length, context);
        foreach ((int place, int candidate) in pins)
        {
            if (place < _request.Count)
            {
                shown.Add(Items[candidate]);
            }
        }

        var waiting = new LinkedList<int>(order.Where(candidate => !pins.ContainsValue(candidate)));
        int[] result = new int[order.Length];
        for (int place = 0; place < result.Length; place++)
        {
            int next = pins.TryGetValue(place, out int pinned) ? pinned : -1;
            if (next < 0 && Take(waiting, place, shown) is { } fitting)
            {
                next = fitting;
            }

            if (next < 0)
            {
                // Nothing but pins and what is over a cap is left: pins move up, then the answer ends.
                (int rank, next) = pins.FirstOrDefault(pin => pin.Key > place, new(-1, -1));
                if (next >= 0 && rank < _request.Count)
                {
                    pins.Remove(rank);
                    pins.Add(place, next);
                    _reasons[next] += $" There were only {place} items to stand before it.";
                }
                else
                {
                    Limit = Math.Min(Limit, place);
                    next = waiting.First!.Value;
                    waiting.RemoveFirst();
                }
            }

            result[place] = next;
        }

        Report(order, pins, shown);
        return result;
    }

    private int? Take(LinkedList<int> waiting, int place, CapCounts shown)
    {
        for (LinkedListNode<int>? node = waiting.First; node is not null; node = node.Next)
        {
            string? full = place < _request.Count && place < Limit ? shown.Full(Items[node.Value]) : null;
            if (full is null)
            {
                waiting.Remove(node);
                if (place < _request.Count && place < Limit)
                {
                    shown.Add(Items[node.Value]);
                }

                return node.Value;
            }

            _reasons[node.Value] = $"It waited: {full}.";
        }

        return null;
    }

    /// <summary>Which candidate is pinned to which place; conflicts are settled here.</summary>
    private SortedDictionary<int, int> PlacePins(int places, RetrievalContext context)
    {
        var pins = new SortedDictionary<int, int>();
        foreach (Pin pin in _request.Rules.Pins)
        {
            int item = _catalog.Ids.IndexOf(pin.ItemId);
            int candidate = Items.IndexOf(item);
            string? obstacle =
                item < 0 ? "The generation does not know the item."
                : _request.Exclude.Contains(pin.ItemId) || _request.Rules.Exclude.Contains(pin.ItemId)
                    ? "The item is excluded, which is stronger than a pin."
                : candidate < 0 && !_request.IncludeSeen && context.Profile.Items.Contains(item)
                    ? "The user has the item already; include_seen would allow it."
                : candidate < 0 ? "The item does not have what the request requires."
                : pins.ContainsValue(candidate) ? "The item is pinned already; its first pin counts."
                : null;
            if (obstacle is not null)
            {
                _outcomes.Add(new RuleOutcome("pin", pin.ItemId, false, obstacle));
                continue;
            }

            int place = Math.Min(pin.Rank, places) - 1;
            while (pins.ContainsKey(place) && place < places - 1)
            {
                place++;
            }

            while (pins.ContainsKey(place))
            {
                place--;
            }

            pins.Add(place, candidate);
            _reasons[candidate] = place == pin.Rank - 1
                ? $"Pinned to place {pin.Rank}."
                : pin.Rank > places ? $"Pinned to place {pin.Rank}; there are only {places} candidates."
                : $"Pinned to place {pin.Rank}, which another pin has; this is the nearest free place.";
        }

        return pins;
    }

    private void Report(int[] order, SortedDictionary<int, int> pins, CapCounts shown)
    {
        foreach ((int place, int candidate) in pins)
        {
            string id = _catalog.Items[Items[candidate]].Id;
            bool isShown = place < _request.Count && place < Limit;
            int rank = _request.Rules.Pins.First(pin => pin.ItemId == id).Rank;
            string beyond = isShown ? "" : $" It is beyond the {Math.Min(_request.Count, Limit)} that are shown.";
            _outcomes.Add(new RuleOutcome("pin", id, isShown && place == rank - 1, _reasons[candidate] + beyond));
        }

        int most = Math.Min(_request.Count, order.Length);
        foreach ((Cap cap, string? over) in shown.Outcomes())
        {
            string reason = over is not null
                ? $"Pins alone put {over}; a pin is stronger than a cap."
                : Limit < most
                    ? $"It holds; with the other caps it leaves {Limit} of {most} places filled."
                    : "It holds.";
            _outcomes.Add(new RuleOutcome("cap", cap.ToString(), over is null, reason));
        }
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

    /// <summary>How much of each cap is used up.</summary>
    private sealed class CapCounts(Catalog catalog, IReadOnlyList<Cap> caps)
    {
        private readonly Dictionary<int, int>[] _held = [.. caps.Select(_ => new Dictionary<int, int>())];

        public void Add(int item)
        {
            for (int cap = 0; cap < caps.Count; cap++)
            {
                foreach (int code in Codes(caps[cap], item))
                {
                    _held[cap][code] = _held[cap].GetValueOrDefault(code) + 1;
                }
            }
        }

        /// <summary>The cap that leaves no room for an item, in words; null when it fits.</summary>
        public string? Full(int item)
        {
            for (int cap = 0; cap < caps.Count; cap++)
            {
                foreach (int code in Codes(caps[cap], item))
                {
                    if (_held[cap].GetValueOrDefault(code) >= caps[cap].Most)
                    {
                        return $"{caps[cap].Attribute}={NameOf(caps[cap], code)} had its {caps[cap].Most} already";
                    }
                }
            }

            return null;
        }

        /// <summary>Each cap, with what is over it in words; null where it holds.</summary>
        public IEnumerable<(Cap Cap, string? Over)> Outcomes()
        {
            for (int cap = 0; cap < caps.Count; cap++)
            {
                Cap own = caps[cap];
                string? over = null;
                foreach ((int code, int count) in _held[cap])
                {
                    over ??= count > own.Most ? $"{count} items of {own.Attribute}={NameOf(own, code)} in the answer" : null;
                }

                yield return (own, over);
            }
        }

        private string NameOf(Cap cap, int code) => catalog.Attribute(cap.Attribute)!.Values[code];

        private List<int> Codes(Cap cap, int item)
        {
            var codes = new List<int>();
            if (catalog.Attribute(cap.Attribute) is { } column)
            {
                foreach (int code in column[item])
                {
                    if (cap.Value is null || column.Values[code] == cap.Value)
                    {
                        codes.Add(code);
                    }
                }
            }

            return codes;
        }
    }
}
