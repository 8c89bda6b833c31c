namespace Palate.Llm;

/// <summary>The candidates of one request as the graph sees them: what each node goes by, and what orders are worth.</summary>
/// <remarks>Immutable.</remarks>
internal sealed partial class GraphList
{
    private static readonly float[] Weights = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 0.95f, 1];

    // How much more a candidate with a high base score is expected to gain: exp(steepness x score), scores scaled to 0 to 1
    // within the request. The most probable value for where the held-out item of MovieLens stands on an ALS ranker's list,
    // on latest-small and on 100K alike.
    private const double Steepness = 2;

    // Long lists take longer for each weight, and have more places in which a weight is not exact anyway.
    private const int Long = 40;
    private static readonly float[] FewWeights = [0.25f, 0.5f, 0.75f, 1];

    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly Shaper?[] _shapers;
    private readonly Columns[] _columns;
    private readonly ShapingList?[] _lists;
    private readonly float[] _scores;
    private readonly float[] _gains;
    private readonly int _top;

    // To which group a list leans that cannot be even, 1 or -1: as good as drawn, and the same each time.
    private readonly int _lean;

    /// <param name="options">The nodes.</param>
    /// <param name="scores">The base scores.</param>
    /// <param name="top">How many places matter.</param>
    /// <param name="request">The attributes; null when there are none.</param>
    public GraphList(GraphOptions options, ReadOnlySpan<float> scores, int top, RerankRequest? request)
    {
        int count = scores.Length;
        _scores = scores.ToArray();
        _nodes = options.Nodes;
        _top = Math.Min(top, count);
        Count = count;
        _lean = LeanOf(_scores);
        double best = count > 0 ? _scores.Max() : 0;
        double span = count > 0 ? best - _scores.Min() : 0;
        _gains =
        [
            .. _scores.OrderDescending()
                .Select(score => (float)Math.Exp(span > 0 ? Steepness * (score - best) / span : 0)),
        ];
        _shapers = [.. _nodes.Select(node => node.MakeShaper(Math.Max(1, _top)))];
        _columns = [.. _nodes.Select(node => Columns.Of(node, count, request))];
        _lists = new ShapingList?[_nodes.Count];
    }

    public int Count { get; }

    /// <summary>How many places matter.</summary>
    public int Top => _top;

    /// <summary>What the candidate at each place of the order by relevance is expected to gain, most first.</summary>
    public IReadOnlyList<float> Gains => _gains;

    /// <summary>Weights of shaping that are tried.</summary>
    public IReadOnlyList<float> Tried => Count > Long ? FewWeights : Weights;

    /// <summary>Whether this is the list of these scores.</summary>
    public bool IsOf(ReadOnlySpan<float> scores) => scores.SequenceEqual(_scores);

    /// <summary>The order in which every node has shaped at its weight, beginning with the order by relevance.</summary>
    /// <param name="relevant">The candidates by relevance.</param>
    /// <param name="weights">One for each node, 0 to leave the order alone.</param>
    public int[] Compose(int[] relevant, ReadOnlySpan<float> weights)
    {
        // Fairness last: it moves least, so it keeps what the others did.
        int[] order = relevant;
        foreach (bool isFairness in (ReadOnlySpan<bool>)[false, true])
        {
            for (int node = 0; node < _nodes.Count; node++)
            {
                if (weights[node] > 0 && _nodes[node].Aspect == GraphAspect.Fairness == isFairness)
                {
                    order = Shape(node, order, weights[node]);
                }
            }
        }

        return order;
    }

    /// <summary>What an order is worth to each node, 0 to 1.</summary>
    /// <param name="order">The candidates, best first.</param>
    /// <param name="relevance">The expected gain of each candidate.</param>
    public double[] Measure(int[] order, float[] relevance) =>
        [.. _nodes.Select((node, place) => Measure(node.Aspect, _columns[place], order, relevance))];

    private int[] Shape(int node, int[] order, float weight)
    {
        if (_shapers[node] is not { } shaper)
        {
            return order;
        }

        int top = _nodes[node].Aspect == GraphAspect.Fairness ? Count : _top;
        ShapingList list = _lists[node] ??= MakeList(_columns[node], shaper);
        return [.. shaper.Shape(list.Reordered(order), top, weight).Select(place => order[place])];
    }

    // By candidate; the gains are dealt out along each order that is shaped.
    private ShapingList MakeList(Columns own, Shaper shaper) => new((float[])_gains.Clone())
    {
        Topics = own.Topics,
        Similarity = shaper.Requires.HasFlag(ShaperNeeds.Similarity) && own.Topics is { } topics
            ? ListSimilarity.OfTopics(topics) : ListSimilarity.None(Count),
        Taste = own.Taste,
        Groups = own.Groups,
        Novelty = own.Novelty,
    };

    private double Measure(GraphAspect aspect, Columns own, int[] order, float[] relevance) => aspect switch
    {
        GraphAspect.Accuracy => Dcg(order, relevance) / Dcg(Ideal(relevance), relevance),
        GraphAspect.Diversity when own.Topics is { TopicCount: > 0 } => AlphaDcg(own, order) / own.BestAlphaDcg(_top),
        GraphAspect.Fairness when own.Groups is { } groups => 1 - Math.Abs(Parity.Gap(groups, order)),
        GraphAspect.Novelty when own.Novelty is { } novelty => Share(novelty, order),
        GraphAspect.Calibration when own.Taste is { } taste => Calibrated(own.Topics!, taste, order),
        _ => 1,
    };

    private static int LeanOf(float[] scores)
    {
        uint mixed = 2166136261;
        foreach (float score in scores)
        {
            mixed = (mixed ^ BitConverter.SingleToUInt32Bits(score)) * 16777619;
            mixed ^= mixed >> 15;
        }

        return (mixed & 1) == 0 ? 1 : -1;
    }

    private static int[] Ideal(float[] relevance) =>
        [.. Enumerable.Range(0, relevance.Length).OrderByDescending(candidate => relevance[candidate])];

    private double Dcg(int[] order, float[] relevance)
    {
        double sum = 0;
        for (int place = 0; place < _top; place++)
        {
            sum += relevance[order[place]] / Math.Log2(place + 2);
        }

        return sum;
    }

    private double AlphaDcg(Columns own, int[] order)
    {
        double[] gains = Enumerable.Repeat(1.0, own.Topics!.TopicCount).ToArray();
        double sum = 0;
        for (int place = 0; place < _top; place++)
        {
            foreach (int topic in own.Topics[order[place]])
            {
                sum += gains[topic] / Math.Log2(place + 2);
                gains[topic] /= 2;
            }
        }

        return sum;
    }

    private double Share(float[] novelty, int[] order)
    {
        double span = NoveltySpan(novelty, out double least);
        return span > 0 ? (order[.._top].Sum(candidate => (double)novelty[candidate]) - least) / span : 1;
    }

    // Between the least and the most novelty that the places that matter can have.
    private double NoveltySpan(float[] novelty, out double least)
    {
        float[] sorted = [.. novelty.OrderDescending()];
        least = sorted[^_top..].Sum(each => (double)each);
        return sorted[.._top].Sum(each => (double)each) - least;
    }

    private double Calibrated(ListTopics topics, float[] taste, int[] order)
    {
        double[] shown = new double[taste.Length];
        foreach (int candidate in order.AsSpan(0, _top))
        {
            foreach (int topic in topics[candidate])
            {
                shown[topic] += 1.0 / topics[candidate].Length / _top;
            }
        }

        // -ln 0.01, the divergence of a list that shows nothing of the taste.
        const double Worst = 4.6;
        double divergence = 0;
        for (int topic = 0; topic < taste.Length; topic++)
        {
            divergence += taste[topic] > 0
                ? taste[topic] * Math.Log(taste[topic] / (0.99 * shown[topic] + 0.01 * taste[topic]))
                : 0;
        }

        return Math.Clamp(1 - divergence / Worst, 0, 1);
    }

    /// <summary>What one node goes by, by candidate.</summary>
    private sealed class Columns
    {
        private double _best = double.NaN;

        public int[][]? Codes { get; private init; }

        public ListTopics? Topics { get; private init; }

        public float[]? Taste { get; private init; }

        public int[]? Groups { get; private init; }

        public float[]? Novelty { get; private init; }

        public static Columns Of(GraphNode node, int count, RerankRequest? request)
        {
            if (request is null)
            {
                return new Columns();
            }

            IReadOnlyList<RerankCandidate> candidates = request.Candidates;
            float?[] novelty = [.. candidates.Select(candidate => candidate.Novelty)];
            bool isNovelty = node.Aspect == GraphAspect.Novelty && count > 0
                && novelty.All(own => own is >= 0 && float.IsFinite(own.Value));
            if (node.Attribute is not { } attribute)
            {
                return new Columns { Novelty = isNovelty ? [.. novelty.Select(own => own!.Value)] : null };
            }

            IReadOnlyList<string>[] values =
                [.. candidates.Select(candidate => candidate.Attributes.GetValueOrDefault(attribute) ?? [])];
            string[] known = [.. values.SelectMany(own => own).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            int[][] codes =
            [
                .. values.Select(own => own.Select(value => Array.BinarySearch(known, value, StringComparer.Ordinal))
                    .Distinct().Order().ToArray()),
            ];
            bool isGrouped = node.Aspect == GraphAspect.Fairness;
            return new Columns
            {
                Codes = codes,
                Topics = ListTopics.Of(codes),
                Taste = request.Taste.TryGetValue(attribute, out IReadOnlyDictionary<string, float>? taste)
                    && known.Any(taste.ContainsKey)
                    ? [.. known.Select(value => Math.Max(0, taste.GetValueOrDefault(value)))]
                    : null,
                Groups = isGrouped ? [.. values.Select(own => GroupOf(node, own))] : null,
                Novelty = isNovelty ? [.. novelty.Select(own => own!.Value)] : null,
            };
        }

        /// <summary>The greatest alpha-DCG that a greedy choice reaches.</summary>
        public double BestAlphaDcg(int top)
        {
            if (double.IsNaN(_best))
            {
                double[] gains = Enumerable.Repeat(1.0, Topics!.TopicCount).ToArray();
                var left = Enumerable.Range(0, Topics.Count).ToList();
                double sum = 0;
                for (int place = 0; place < top; place++)
                {
                    (int next, double most) = (-1, -1);
                    foreach (int candidate in left)
                    {
                        double gain = 0;
                        foreach (int topic in Topics[candidate])
                        {
                            gain += gains[topic];
                        }

                        (next, most) = gain > most ? (candidate, gain) : (next, most);
                    }

                    sum += most / Math.Log2(place + 2);
                    left.Remove(next);
                    foreach (int topic in Topics[next])
                    {
                        gains[topic] /= 2;
                    }
                }

                _best = sum;
            }

            return _best;
        }

        private static int GroupOf(GraphNode node, IReadOnlyList<string> values)
        {
            if (node.GroupFrom is not { } from)
            {
                return values.Count == 0 ? -1 : values.Any(node.GroupValues.Contains) ? 1 : 0;
            }

            return values.Count > 0 && float.TryParse(
                values[0], System.Globalization.CultureInfo.InvariantCulture, out float number) && float.IsFinite(number)
                ? number >= from ? 1 : 0
                : -1;
        }
    }
}
