namespace Palate.Llm;

/// <content>The walk, replayed over what was said.</content>
internal sealed partial class GraphStrategy
{
    private const int ToStop = -1;
    private const int ToBackward = -2;
    private const int Nowhere = -3;

    private sealed partial class Walker
    {
        private readonly GraphOptions _options;
        private readonly Evidence _evidence;
        private readonly GraphList _list;
        private readonly GraphGoal _goal;
        private readonly bool _isFinal;
        private readonly double _baseShare;

        // What each node counts: for the goal, and as the walk was told on its way.
        private readonly double[] _goalWeights;
        private readonly double[] _walkWeights;
        private readonly List<Entry> _pool = [];
        private readonly List<GraphStep> _steps = [];
        private readonly List<int> _visited = [];
        private readonly List<int[]> _modelOrders = [];
        private float[] _relevance = [];
        private int[] _relevant = [];
        private float[] _shaping;
        private bool _isByRules;
        private int _unanswered;

        public Walker(GraphStrategy strategy, Evidence evidence, bool isFinal)
        {
            _options = strategy._options;
            _evidence = evidence;
            _isFinal = isFinal;
            _list = strategy.List(evidence);
            _goal = strategy.Goal;
            _baseShare = strategy._baseShare;
            _goalWeights = _goal.WeightsOf(_options.Nodes);
            _walkWeights = (double[])_goalWeights.Clone();
            _shaping = new float[_options.Nodes.Count];
            _isByRules = IsWithoutModel;
            Relate();
        }

        /// <summary>The question without whose answer the walk cannot go on.</summary>
        public Question? Missing { get; private set; }

        // Where the path is given and shapers order, there is nothing that a model could say.
        private bool IsWithoutModel => _options.Execution == GraphExecution.Rules
            || (_options.Execution == GraphExecution.Algorithm && _options.Path.Count > 0);

        private int[] Newest => _pool.Count > 0 ? _pool[^1].Order : _relevant;

        /// <summary>Walks to the end, or to the question that is missing.</summary>
        /// <returns>Null when a question is missing.</returns>
        public GraphWalk? Go()
        {
            if (_list.Count < 2)
            {
                return Finish(GraphEnd.NothingToOrder, "There is nothing to order.");
            }

            int at = _options.Path.Count > 0 ? Find(_options.Path[0], out _) : 0;
            while (true)
            {
                if (at == ToStop)
                {
                    return Finish(GraphEnd.Stopped, "The walk was led to Stop.");
                }

                if (_steps.Count >= _options.Steps)
                {
                    return Finish(GraphEnd.Steps, $"The walk had its {_options.Steps} steps.");
                }

                if (at >= 0 && _pool.Count >= _options.PoolSize)
                {
                    return Finish(GraphEnd.PoolFull, $"The pool held its {_options.PoolSize} results.");
                }

                if (at == ToBackward && _pool.Count == 0)
                {
                    return Finish(GraphEnd.NoChange, "There was nothing to go back from.");
                }

                Take(at);
                Judgment? said = null;
                Question? question = _isByRules ? null : Ask(at);
                if (question is not null)
                {
                    if (!_evidence.WasAsked(question) && !_isFinal)
                    {
                        Missing = question;
                        return null;
                    }

                    said = _evidence.Answer(question);
                    if (said is null)
                    {
                        _isByRules = true;
                        _unanswered++;
                    }
                }

                bool isModels = said is not null && _options.Execution == GraphExecution.Model;
                bool isVisited = _visited.Contains(at);
                int[] before = Newest;
                int[] order = at == ToBackward ? before
                    : isModels ? Repair(said!, before)
                    : Shape(at);
                if (isModels && at >= 0 && _options.Nodes[at].Aspect == GraphAspect.Accuracy)
                {
                    _modelOrders.Add(order);
                    Relate();
                }

                int next = Next(said, at, out string word);
                _visited.Add(at);
                _steps.Add(new GraphStep(
                    at == ToBackward ? GraphWords.Backward : _options.Nodes[at].Name,
                    order,
                    _steps.Count == 0 ? Distance(_relevant, order) : Distance([.. _steps[^1].Order], order),
                    new Dictionary<string, double>(),
                    0)
                {
                    Aspect = at == ToBackward ? null : _options.Nodes[at].Aspect,
                    By = at == ToBackward ? "" : isModels ? "model" : "algorithm",
                    Next = word,
                    Question = said is null ? null : question,
                    Tokens = said?.PromptTokens ?? 0,
                });
                bool isKnown = at != ToBackward && _pool.Any(entry => entry.Order.AsSpan().SequenceEqual(order));
                if (isKnown && (isModels || isVisited))
                {
                    return Finish(
                        GraphEnd.NoChange, $"Step {_steps.Count} ({_steps[^1].Node}) brought an order that was there already.");
                }

                if (at >= 0 && !isKnown)
                {
                    _pool.Add(new Entry(_steps.Count - 1, order, (float[])_shaping.Clone()));
                }

                if (next == Nowhere)
                {
                    return Finish(
                        GraphEnd.UnknownNode,
                        word.Length == 0
                            ? $"The reply to step {_steps.Count} named no node."
                            : $"The reply to step {_steps.Count} named a node that there is not.");
                }

                at = next;
            }
        }

        // Backward drops the newest result before anything is asked, so that the question shows what is left.
        private void Take(int at)
        {
            if (at == ToBackward)
            {
                _pool.RemoveAt(_pool.Count - 1);
                _shaping = _pool.Count > 0 ? (float[])_pool[^1].Shaping.Clone() : new float[_shaping.Length];
            }
        }

        private int Next(Judgment? said, int at, out string word)
        {
            word = "";
            if (_options.Path.Count > 0)
            {
                int step = _steps.Count + 1;
                word = step < _options.Path.Count ? _options.Path[step] : GraphWords.Stop;
                return Find(word, out _);
            }

            if (said is null)
            {
                int led = Rule(at);
                word = led == ToStop ? GraphWords.Stop : _options.Nodes[led].Name;
                return led;
            }

            word = said.Next ?? "";
            int next = Find(word, out double strength);
            if (next >= 0)
            {
                // Whoever is sent somewhere looks at what is there, also where the goal does not say so.
                _walkWeights[next] = strength * (_walkWeights[next] > 0 ? _walkWeights[next] : 1);
                word = _options.Nodes[next].Name;
            }

            return next;
        }

        private int Find(string word, out double strength) => GraphWords.Find(word, _options.Nodes, out strength);

        // What the goal names, most wanted first; then once more what was looked at before something else changed.
        private int Rule(int at)
        {
            int[] wanted =
            [
                .. Enumerable.Range(1, _goalWeights.Length - 1).Where(node => _goalWeights[node] > 0)
                    .OrderByDescending(node => _goalWeights[node]),
            ];
            for (int visits = 0; visits < (wanted.Length > 1 ? 2 : 1); visits++)
            {
                foreach (int node in wanted)
                {
                    if (node != at && _visited.Count(visited => visited == node) == visits)
                    {
                        return node;
                    }
                }
            }

            return ToStop;
        }

        private static int[] Repair(Judgment said, int[] before)
        {
            var seen = new HashSet<int>(said.Named);
            return [.. said.Named, .. before.Where(candidate => !seen.Contains(candidate))];
        }

        // The shapers' weights are those that serve the goal best, one node at a time.
        private int[] Shape(int at)
        {
            if (_options.Nodes[at].Aspect == GraphAspect.Accuracy)
            {
                for (int node = 0; node < _shaping.Length; node++)
                {
                    _shaping[node] /= 2;
                }

                return _list.Compose(_relevant, _shaping);
            }

            var aims = new GraphList.Aims(_list, _relevance, _walkWeights);
            float[] tried = (float[])_shaping.Clone();
            tried[at] = 0;
            int[] best = _list.Compose(_relevant, tried);
            double most = aims.Of(best);
            float weight = 0;
            foreach (float next in _list.Tried)
            {
                tried[at] = next;
                int[] order = _list.Compose(_relevant, tried);
                double worth = aims.Of(order);
                if (worth > most + 1e-9)
                {
                    (best, most, weight) = (order, worth, next);
                }
            }

            _shaping[at] = weight;
            return best;
        }

        // The base's gain, with what the model's orders by accuracy say of it.
        private void Relate()
        {
            float[] relevance = new float[_list.Count];
            float share = _modelOrders.Count == 0 ? 1 : (float)_baseShare;
            for (int place = 0; place < relevance.Length; place++)
            {
                relevance[_evidence.BaseOrder[place]] += share * _list.Gains[place];
                foreach (int[] order in _modelOrders)
                {
                    relevance[order[place]] += (1 - share) * _list.Gains[place] / _modelOrders.Count;
                }
            }

            _relevance = relevance;
            _relevant = [.. _evidence.BaseOrder.OrderByDescending(candidate => relevance[candidate])];
        }

        private static double Worth(double[] values, double[] weights)
        {
            double sum = 0;
            double all = 0;
            for (int node = 0; node < values.Length; node++)
            {
                sum += weights[node] * values[node];
                all += weights[node];
            }

            return sum / all;
        }

        // Spearman's footrule of its greatest value.
        private static double Distance(int[] one, int[] other)
        {
            int[] places = new int[one.Length];
            for (int place = 0; place < one.Length; place++)
            {
                places[one[place]] = place;
            }

            double sum = 0;
            for (int place = 0; place < other.Length; place++)
            {
                sum += Math.Abs(places[other[place]] - place);
            }

            return sum / Math.Max(1, one.Length * one.Length / 2);
        }

        private GraphWalk Finish(GraphEnd end, string reason)
        {
            if (_list.Count < 2)
            {
                return new GraphWalk(_goal, [], [.. _evidence.BaseOrder], end, reason) { IsByRules = IsWithoutModel };
            }

            GraphStep[] steps = [.. _steps.Select(Measured)];
            double baseWorth = Worth(_list.Measure(_relevant, _relevance), _goalWeights);
            int taken = -1;
            double most = baseWorth;
            foreach (Entry entry in _options.UsesPool ? _pool : _pool.TakeLast(1))
            {
                if (!_options.UsesPool || steps[entry.Step].Worth > most + 1e-9)
                {
                    (taken, most) = (entry.Step, steps[entry.Step].Worth);
                }
            }

            int[] order = taken < 0 ? _relevant : [.. steps[taken].Order];
            int exchanges = 0;
            bool isWanted = _goalWeights.Skip(1).Any(weight => weight > 0);
            if (isWanted && taken >= 0 && steps[taken].By == "algorithm")
            {
                int[] bettered = _list.Exchange(order, _relevance, _goalWeights, _options.Exchanges, out int made);
                double worth = Worth(_list.Measure(bettered, _relevance), _goalWeights);
                if (worth >= most - 1e-9)
                {
                    (order, most, exchanges) = (bettered, worth, made);
                }
            }

            string what = taken < 0 ? "The order by relevance serves the goal best." : $"Step {taken + 1} serves the goal best.";
            string more = exchanges > 0 ? $" {exchanges} exchanges made it serve better." : "";
            string missing = _unanswered > 0 ? " The model did not answer, so rules led on." : "";
            return new GraphWalk(_goal, steps, order, end, $"{reason}{missing} {what}{more}")
            {
                Taken = taken,
                Exchanges = exchanges,
                Worth = most,
                BaseWorth = baseWorth,
                Unanswered = _unanswered,
                IsByRules = IsWithoutModel,
            };
        }

        private GraphStep Measured(GraphStep step)
        {
            double[] values = _list.Measure([.. step.Order], _relevance);
            var named = new Dictionary<string, double>(StringComparer.Ordinal);
            for (int node = 0; node < values.Length; node++)
            {
                named[_options.Nodes[node].Name] = values[node];
            }

            return step with { Values = named, Worth = Worth(values, _goalWeights) };
        }

        /// <summary>A result in the pool, with how strongly each node had shaped by then.</summary>
        private sealed record Entry(int Step, int[] Order, float[] Shaping);
    }
}
