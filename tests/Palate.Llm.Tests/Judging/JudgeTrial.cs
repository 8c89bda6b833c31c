namespace Palate.Llm.Tests;

/// <summary>One simulated request: candidates with true utilities, a base ranking, and a noisy judge.</summary>
/// <remarks>
/// Utilities are standard normal; the base scores correlate with them; each call the judge orders what it is shown by
/// utility plus fresh normal noise. The five best are worth 3, the next five 2, the next ten 1; gains are 2^g - 1.
/// </remarks>
internal sealed class JudgeTrial
{
    private readonly double _noise;
    private readonly double[] _gain;
    private readonly Random _random;

    public JudgeTrial(int candidates, double correlation, double noise, int seed)
    {
        _noise = noise;
        _random = new Random(seed);
        Utilities = new double[candidates];
        BaseScores = new float[candidates];
        for (int candidate = 0; candidate < candidates; candidate++)
        {
            Utilities[candidate] = Normal();
            BaseScores[candidate] = (float)((correlation * Utilities[candidate])
                + (Math.Sqrt(1 - (correlation * correlation)) * Normal()));
        }

        _gain = new double[candidates];
        int[] best = [.. Enumerable.Range(0, candidates).OrderByDescending(candidate => Utilities[candidate])];
        for (int place = 0; place < candidates; place++)
        {
            _gain[best[place]] = place < 5 ? 7 : place < 10 ? 3 : place < 20 ? 1 : 0;
        }
    }

    public double[] Utilities { get; }

    public float[] BaseScores { get; }

    public int Calls { get; private set; }

    public int Shown { get; private set; }

    /// <summary>How many of <see cref="Shown"/> were shown briefly.</summary>
    public int ShownBriefly { get; private set; }

    /// <summary>How many times as noisy the judge is about candidates that it is shown briefly.</summary>
    public double BriefNoise { get; init; } = 1;

    /// <summary>How many candidates all orders named.</summary>
    public int Output { get; private set; }

    /// <summary>How many grades were given.</summary>
    public int Graded { get; private set; }

    public int Rounds { get; private set; }

    public double Normal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * _random.NextDouble());
    }

    /// <summary>The judge's answer: the best of what it is shown, best first.</summary>
    public int[] Rank(IReadOnlyList<int> shown, int wanted, bool isBrief = false)
    {
        Calls++;
        Shown += shown.Count;
        ShownBriefly += isBrief ? shown.Count : 0;
        double noise = isBrief ? BriefNoise * _noise : _noise;
        Output += wanted;
        double[] seen = [.. shown.Select(candidate => -(Utilities[candidate] + (noise * Normal())))];
        int[] order = [.. shown];
        Array.Sort(seen, order);
        return order[..wanted];
    }

    /// <summary>An order, a choice or grades, as the question asks; a grade says all that the judge sees.</summary>
    public Judgment Answer(Question question)
    {
        if (question.Kind is not (QuestionKind.Grade or QuestionKind.YesNo))
        {
            int[] named = Rank(question.Candidates, question.Wanted, question.IsBrief);
            return question.Kind == QuestionKind.Choose
                ? Judgment.Chosen(question, named)
                : Judgment.Ordered(question, named);
        }

        Calls++;
        Shown += question.Candidates.Count;
        Graded += question.Candidates.Count;
        return Judgment.Graded(
            question,
            [.. question.Candidates.Select(candidate => 1 / (1 + Math.Exp(-Utilities[candidate] - (_noise * Normal()))))]);
    }

    /// <summary>NDCG at 10 of an order.</summary>
    public double Ndcg(IReadOnlyList<int> order)
    {
        double found = 0;
        double ideal = 0;
        double[] best = [.. _gain.OrderDescending()];
        for (int place = 0; place < 10; place++)
        {
            found += _gain[order[place]] / Math.Log2(place + 2);
            ideal += best[place] / Math.Log2(place + 2);
        }

        return found / ideal;
    }

    /// <summary>Runs a strategy to its end and gives the order of the evidence.</summary>
    public IReadOnlyList<int> Run(Strategy strategy, EvidenceOptions? options = null)
    {
        var evidence = new Evidence(BaseScores, 10, options);
        while (strategy.NextRound(evidence) is { Count: > 0 } questions)
        {
            Rounds++;
            foreach (Question question in questions)
            {
                evidence.Add(Answer(question));
            }
        }

        return evidence.Order();
    }

    /// <summary>RankGPT: one pass of a window from the back to the front.</summary>
    public int[] SlidingWindows(int window = 20, int stride = 10)
    {
        int[] order = [.. new Evidence(BaseScores, 1).BaseOrder];
        for (int end = order.Length; ; end -= stride)
        {
            int start = Math.Max(0, end - window);
            Rank(order[start..end], end - start).CopyTo(order, start);
            Rounds++;
            if (start == 0)
            {
                return order;
            }
        }
    }

    /// <summary>Setwise heapsort (Zhuang et al. 2024): the judge picks the best of a node and its children.</summary>
    public int[] SetwiseHeapsort(int children = 3, int top = 10)
    {
        int[] heap = [.. new Evidence(BaseScores, 1).BaseOrder];
        for (int node = heap.Length / children; node >= 0; node--)
        {
            Sift(node, heap.Length);
        }

        var best = new List<int>();
        for (int end = heap.Length - 1; best.Count < top; end--)
        {
            best.Add(heap[0]);
            (heap[0], heap[end]) = (heap[end], heap[0]);
            if (best.Count < top)
            {
                Sift(0, end);
            }
        }

        return [.. best, .. heap[..^top]];

        void Sift(int node, int length)
        {
            while ((children * node) + 1 < length)
            {
                int first = (children * node) + 1;
                int[] places = [node, .. Enumerable.Range(first, Math.Min(children, length - first))];
                int winner = Rank([.. places.Select(place => heap[place])], 1)[0];
                Rounds++;
                int at = Array.IndexOf(heap, winner);
                if (at == node)
                {
                    return;
                }

                (heap[node], heap[at]) = (heap[at], heap[node]);
                node = at;
            }
        }
    }
}
