namespace Palate;

/// <summary>Places what is pinned, and holds back what is over a cap.</summary>
/// <remarks>
/// Serves one request: places are filled one by one, a pin's with the pin, any other with the next that fits.
/// </remarks>
internal sealed class PinsAndCaps
{
    private readonly Catalog _catalog;
    private readonly ShapingRequest _request;
    private readonly int[] _items;
    private readonly List<RuleOutcome> _outcomes = [];

    // What a rule did to a candidate that it moved; null for the others.
    private readonly string?[] _reasons;

    private PinsAndCaps(Catalog catalog, int[] order, int[] items, ShapingRequest request)
    {
        _catalog = catalog;
        _request = request;
        _items = items;
        _reasons = new string?[items.Length];
        Order = order;
        Limit = order.Length;
    }

    /// <summary>The candidates in their final order.</summary>
    public int[] Order { get; private set; }

    /// <summary>How many of them keep every cap.</summary>
    public int Limit { get; private set; }

    /// <summary>What became of each pin and cap.</summary>
    public IReadOnlyList<RuleOutcome> Outcomes => _outcomes;

    /// <summary>Applies a request's pins and caps to an order.</summary>
    /// <param name="catalog">The attributes.</param>
    /// <param name="order">Candidate numbers, best first.</param>
    /// <param name="items">The item of each candidate.</param>
    /// <param name="request">The rules and the count.</param>
    /// <param name="context">The profile, for saying why a pin does not hold.</param>
    public static PinsAndCaps Place(
        Catalog catalog, int[] order, int[] items, ShapingRequest request, RetrievalContext context)
    {
        var placed = new PinsAndCaps(catalog, order, items, request);
        if (request.Rules.Pins.Count + request.Rules.Caps.Count > 0)
        {
            placed.Order = placed.Fill(order, context);
        }

        return placed;
    }

    /// <summary>What a rule did to a candidate; null when none touched it.</summary>
    public string? ReasonOf(int candidate) => _reasons[candidate];

    private int[] Fill(int[] order, RetrievalContext context)
    {
        Rules rules = _request.Rules;
        var shown = new CapCounts(_catalog, rules.Caps);
        SortedDictionary<int, int> pins = PlacePins(order.Length, context);
        foreach ((int place, int candidate) in pins)
        {
            if (place < _request.Count)
            {
                shown.Add(_items[candidate]);
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
            string? full = place < _request.Count && place < Limit ? shown.Full(_items[node.Value]) : null;
            if (full is null)
            {
                waiting.Remove(node);
                if (place < _request.Count && place < Limit)
                {
                    shown.Add(_items[node.Value]);
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
            int candidate = Array.IndexOf(_items, item);
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
            string id = _catalog.Items[_items[candidate]].Id;
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
                    over ??= count > own.Most
                        ? $"{count} items of {own.Attribute}={NameOf(own, code)} in the answer"
                        : null;
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
