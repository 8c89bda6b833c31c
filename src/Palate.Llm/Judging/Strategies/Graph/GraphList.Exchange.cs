namespace Palate.Llm;

/// <content>Betters an order for a whole goal at once, by exchanging two candidates at a time.</content>
internal sealed partial class GraphList
{
    // What a place below the top counts of one in it: enough to choose between exchanges that are else alike.
    private const double Tail = 0.001;

    // Less than this is no betterment: it bounds the time without a difference that anybody sees.
    private const double LeastGain = 1e-5;

    /// <summary>Exchanges the two candidates whose exchange helps the goal most, until none helps.</summary>
    /// <remarks>
    /// A node looks at its own aspect and leaves the last word to the next; here all aspects are weighed at once, so a
    /// place that costs one of them little pays for another. About n k operations for each exchange, k places that
    /// matter and n candidates: some 20 microseconds for 20 candidates, some 200 for 100.
    /// </remarks>
    /// <param name="start">The candidates, best first.</param>
    /// <param name="relevance">The expected gain of each candidate.</param>
    /// <param name="weights">What each node counts.</param>
    /// <param name="most">How many exchanges there may be.</param>
    /// <param name="made">How many there were.</param>
    public int[] Exchange(int[] start, float[] relevance, ReadOnlySpan<double> weights, int most, out int made)
    {
        int[] order = (int[])start.Clone();
        var aims = new Aims(this, relevance, weights);
        for (made = 0; made < most; made++)
        {
            aims.SortTail(order);
            double present = aims.OfTop(order);
            double gap = aims.Gaps(order);
            double best = LeastGain;
            (int upper, int lower) = (-1, -1);
            for (int i = 0; i < (aims.IsFair ? Count - 1 : _top); i++)
            {
                for (int j = i + 1; j < Count; j++)
                {
                    double gain = aims.Moved(order, i, j) - gap;
                    if (i < _top)
                    {
                        (order[i], order[j]) = (order[j], order[i]);
                        gain += aims.OfTop(order) - present;
                        (order[i], order[j]) = (order[j], order[i]);
                    }

                    if (gain > best)
                    {
                        (best, upper, lower) = (gain, i, j);
                    }
                }
            }

            if (upper < 0)
            {
                break;
            }

            (order[upper], order[lower]) = (order[lower], order[upper]);
        }

        aims.SortTail(order);
        return order;
    }

    /// <summary>What the nodes that count look at, laid out for exchanges.</summary>
    internal sealed class Aims
    {
        private readonly GraphList _list;
        private readonly double[] _discounts;

        // What a candidate adds by standing in the top: discounted, and as such.
        private readonly double[] _discounted;
        private readonly double[] _plain;
        private readonly List<(Columns Own, double Weight)> _diversities = [];
        private readonly List<(Columns Own, double Weight)> _calibrations = [];
        private readonly List<(double[] Shares, double Lean, double Weight)> _fairnesses = [];
        private readonly double[] _gains;
        private readonly double[] _gaps;

        // Half of all lists cannot be even: there the same small gap can be had in favour of either group, and the cheaper
        // of the two is nearly always that of the group that is ahead anyway. So over many lists a gap would remain; each
        // list leans to one group by an eighth of the least difference that an exchange makes.

        // Candidates of one kind are of the same group at every node.
        private readonly int[] _kinds;

        public Aims(GraphList list, float[] relevance, ReadOnlySpan<double> weights)
        {
            _list = list;
            int count = list.Count;
            _discounts = [.. Enumerable.Range(0, count).Select(place => 1 / Math.Log2(place + 2))];
            _discounted = new double[count];
            _plain = new double[count];
            int topics = 0;
            for (int node = 0; node < weights.Length; node++)
            {
                Columns own = list._columns[node];
                double weight = weights[node];
                if (weight <= 0)
                {
                    continue;
                }

                switch (list._nodes[node].Aspect)
                {
                    case GraphAspect.Accuracy:
                        double ideal = list.Dcg(Ideal(relevance), relevance);
                        for (int candidate = 0; candidate < count; candidate++)
                        {
                            _discounted[candidate] += weight * relevance[candidate] / ideal;
                        }

                        break;
                    case GraphAspect.Diversity when own.Topics is { TopicCount: > 0 }:
                        _diversities.Add((own, weight / own.BestAlphaDcg(list._top)));
                        topics = Math.Max(topics, own.Topics.TopicCount);
                        break;
                    case GraphAspect.Fairness when own.Groups is { } groups && groups.Contains(0) && groups.Contains(1):
                        double[] size = [groups.Count(group => group == 0), groups.Count(group => group == 1)];
                        _fairnesses.Add((
                            [.. groups.Select(group => group switch { 0 => 1 / size[0], 1 => -1 / size[1], _ => 0 })],
                            list._lean * ((1 / size[0]) + (1 / size[1])) / (8 * (count - 1.0)),
                            weight));
                        break;
                    case GraphAspect.Novelty when own.Novelty is { } novelty:
                        double span = list.NoveltySpan(novelty, out _);
                        for (int candidate = 0; candidate < count && span > 0; candidate++)
                        {
                            _plain[candidate] += weight * novelty[candidate] / span;
                        }

                        break;
                    case GraphAspect.Calibration when own.Taste is not null:
                        _calibrations.Add((own, weight));
                        break;
                    default:
                        break;
                }
            }

            _gains = new double[topics];
            _gaps = new double[_fairnesses.Count];
            _kinds = new int[count];
            foreach ((double[] shares, _, _) in _fairnesses)
            {
                for (int candidate = 0; candidate < count; candidate++)
                {
                    _kinds[candidate] = (3 * _kinds[candidate]) + Math.Sign(shares[candidate]) + 1;
                }
            }
        }

        /// <summary>What an order is worth to all of the goal, up to a constant.</summary>
        public double Of(int[] order) => OfTop(order) + Gaps(order);

        /// <summary>Whether places below the top count, too.</summary>
        public bool IsFair => _fairnesses.Count > 0;

        /// <summary>What the places that matter are worth.</summary>
        public double OfTop(int[] order)
        {
            double sum = 0;
            int top = _list._top;
            for (int place = 0; place < top; place++)
            {
                sum += _discounted[order[place]] * _discounts[place] + _plain[order[place]];
            }

            foreach ((Columns own, double weight) in _diversities)
            {
                Span<double> gains = _gains.AsSpan(0, own.Topics!.TopicCount);
                gains.Fill(weight);
                for (int place = 0; place < top; place++)
                {
                    foreach (int topic in own.Topics[order[place]])
                    {
                        sum += gains[topic] * _discounts[place];
                        gains[topic] /= 2;
                    }
                }
            }

            foreach ((Columns own, double weight) in _calibrations)
            {
                sum += weight * _list.Calibrated(own.Topics!, own.Taste!, order);
            }

            return sum;
        }

        /// <summary>What the present gaps are worth; they are kept for <see cref="Moved"/>.</summary>
        public double Gaps(int[] order)
        {
            double sum = 0;
            for (int fairness = 0; fairness < _gaps.Length; fairness++)
            {
                double gap = _fairnesses[fairness].Lean;
                for (int place = 0; place < order.Length; place++)
                {
                    gap += Score(place) * _fairnesses[fairness].Shares[order[place]];
                }

                _gaps[fairness] = gap;
                sum -= _fairnesses[fairness].Weight * Math.Abs(gap);
            }

            return sum;
        }

        /// <summary>What the gaps are worth once two have changed places, with what that does below the top.</summary>
        public double Moved(int[] order, int i, int j)
        {
            double sum = 0;
            for (int fairness = 0; fairness < _gaps.Length; fairness++)
            {
                (double[] shares, _, double weight) = _fairnesses[fairness];
                double gap = _gaps[fairness] + (Score(i) - Score(j)) * (shares[order[j]] - shares[order[i]]);
                sum -= weight * Math.Abs(gap);
            }

            double before = i < _list._top ? 0 : _discounts[i];
            double after = j < _list._top ? 0 : _discounts[j];
            return sum + Tail * (before - after) * (_discounted[order[j]] - _discounted[order[i]]);
        }

        /// <summary>What no node looks at is ordered by relevance: the tail, each group in the places that it has.</summary>
        public void SortTail(int[] order)
        {
            for (int next = _list._top + 1; next < order.Length; next++)
            {
                int candidate = order[next];
                int free = next;
                for (int place = next - 1; place >= _list._top; place--)
                {
                    if (_kinds[order[place]] != _kinds[candidate])
                    {
                        continue;
                    }

                    if (_discounted[order[place]] >= _discounted[candidate])
                    {
                        break;
                    }

                    order[free] = order[place];
                    free = place;
                }

                order[free] = candidate;
            }
        }

        private double Score(int place) => 1 - place / (_list.Count - 1.0);
    }
}
