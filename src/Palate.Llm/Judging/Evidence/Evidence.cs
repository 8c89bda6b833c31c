namespace Palate.Llm;

/// <summary>All judgments of one request so far, together with the base ranking.</summary>
/// <remarks>
/// Each candidate has a utility; the base ranking is the prior, every judgment sharpens the posterior. How good the base
/// is and how noisy the judge is learned from the same judgments, so the order follows the base when the judge
/// contradicts itself, and the judge when the base proves weak. Judgments may come in any order, be of any kind and
/// contradict each other: what is known then depends on what was said, not on when.
/// Inferred when read after a change: about n^3 operations for n judged candidates.
/// Not thread-safe: the runner owns it.
/// </remarks>
public sealed class Evidence
{
    private readonly List<Judgment> _judgments = [];
    private readonly Dictionary<Question, Judgment?> _answers = [];
    private readonly float[] _base;
    private readonly double[] _scores;
    private readonly EvidenceOptions _options;
    private Posterior? _posterior;
    private TopDraws? _draws;
    private IReadOnlyList<int>? _order;
    private double[]? _deviations;

    /// <summary>Evidence with no judgment yet.</summary>
    /// <param name="baseScores">The base score of each candidate, finite.</param>
    /// <param name="top">How many places matter.</param>
    /// <param name="options">What is believed of base and judge beforehand.</param>
    /// <exception cref="ArgumentException">A base score is not finite, or an option is out of its limits.</exception>
    public Evidence(ReadOnlySpan<float> baseScores, int top, EvidenceOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        _options = options ?? new EvidenceOptions();
        _options.Validate();
        _base = baseScores.ToArray();
        for (int candidate = 0; candidate < _base.Length; candidate++)
        {
            if (!float.IsFinite(_base[candidate]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"The base score of candidate {candidate} is {_base[candidate]}; give finite scores."),
                    nameof(baseScores));
            }
        }

        Top = top;
        BaseOrder = Descending(Array.ConvertAll(_base, score => (double)score), null);
        _scores = NormalScores.Of(_base, BaseOrder);
    }

    /// <summary>The base score of each candidate.</summary>
    public ReadOnlySpan<float> BaseScores => _base;

    /// <summary>How many candidates there are.</summary>
    public int Candidates => _base.Length;

    /// <summary>How many places at the top matter.</summary>
    public int Top { get; }

    /// <summary>The base ranking, best first.</summary>
    public IReadOnlyList<int> BaseOrder { get; }

    /// <summary>The judgments, in the order in which they came.</summary>
    public IReadOnlyList<Judgment> Judgments => _judgments;

    /// <summary>How many questions were asked, answered or not.</summary>
    public int Asked => _answers.Count;

    /// <summary>The questions that were asked, answered or not.</summary>
    public IReadOnlyCollection<Question> Questions => _answers.Keys;

    /// <summary>The expected utility of each candidate, in standard deviations over the candidates.</summary>
    public IReadOnlyList<double> Utilities => Posterior.Mean;

    /// <summary>The standard deviation of each candidate's utility: how much is still open.</summary>
    public IReadOnlyList<double> Deviations => _deviations ??= Posterior.Deviations();

    /// <summary>The expected correlation of the base ranking with the utilities, 0 to 1.</summary>
    public double BaseCorrelation => Posterior.Correlation;

    /// <summary>
    /// The expected noise of one judgment, in standard deviations of the utility; infinite when the replies depend on
    /// nothing but the place in which candidates are shown.
    /// </summary>
    public double JudgeNoise => Posterior.Sharpness > 0
        ? Math.Sqrt((1 / Posterior.Sharpness) - 1)
        : double.PositiveInfinity;

    /// <summary>Utilities drawn from the posterior, and which of them make the top.</summary>
    internal TopDraws TopDraws => _draws ??= _judgments.Count == 0
        ? PriorKnowledge.Of(_scores, BaseOrder, Top, _options).Draws
        : new TopDraws(Posterior, Order(), Top);

    /// <summary>What is known of the utilities.</summary>
    internal Posterior Posterior => _posterior ??= _judgments.Count == 0
        ? PriorKnowledge.Of(_scores, BaseOrder, Top, _options).Posterior
        : Posterior.Of(_scores, EvidenceOrder.Sort(_judgments), _options);

    /// <summary>Whether a question was asked already.</summary>
    public bool WasAsked(Question question) => _answers.ContainsKey(question);

    /// <summary>The judgment on a question; null when there is none, be it not asked or failed.</summary>
    public Judgment? Answer(Question question) => _answers.GetValueOrDefault(question);

    /// <summary>Adds a judgment.</summary>
    /// <exception cref="ArgumentException">The judgment is about a candidate that there is not.</exception>
    public void Add(Judgment judgment)
    {
        ArgumentNullException.ThrowIfNull(judgment);
        foreach (int candidate in judgment.Question.Candidates)
        {
            if (candidate < 0 || candidate >= _base.Length)
            {
                throw new ArgumentException(
                    $"Candidate {candidate} is not one of the {_base.Length} candidates.", nameof(judgment));
            }
        }

        _answers[judgment.Question] = judgment;
        _judgments.Add(judgment);
        _posterior = null;
        _draws = null;
        _order = null;
        _deviations = null;
    }

    /// <summary>Notes that a question was asked and brought nothing.</summary>
    public void AddFailure(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        _answers.TryAdd(question, null);
    }

    /// <summary>All candidates, best first; with no judgment exactly the base ranking.</summary>
    public IReadOnlyList<int> Order()
    {
        if (_order is null)
        {
            // Equal utilities stay as the base has them.
            _order = _judgments.Count == 0 ? BaseOrder : Descending(Posterior.Mean, BaseOrder);
        }

        return _order;
    }

    /// <summary>The same base ranking with some of the judgments only.</summary>
    internal Evidence Where(Func<Judgment, bool> isKept)
    {
        var part = new Evidence(_base, Top, _options);
        foreach (Judgment judgment in _judgments.Where(isKept))
        {
            part.Add(judgment);
        }

        return part;
    }

    /// <summary>How probable it is that the set of the first <see cref="Top"/> is the true one.</summary>
    /// <remarks>
    /// Estimated from 256 draws from the posterior, always the same ones, so good to about .03; 1 when there are no more
    /// candidates than places. It believes in the model: a judge with consistent but wrong opinions looks settled.
    /// </remarks>
    public double SettledProbability() => TopDraws.Settled;

    // A stable sort of candidates: by value descending, then by their place in another order, or by number.
    private static int[] Descending(double[] values, IReadOnlyList<int>? ties)
    {
        int[] order = new int[values.Length];
        double[] keys = new double[values.Length];
        bool isSorted = true;
        for (int place = 0; place < order.Length; place++)
        {
            order[place] = place;
            keys[place] = -values[ties is null ? place : ties[place]];
            isSorted &= place == 0 || keys[place - 1] <= keys[place];
        }

        if (!isSorted)
        {
            Array.Sort(keys, order);
            for (int first = 0; first < order.Length;)
            {
                int end = first + 1;
                while (end < order.Length && keys[end] == keys[first])
                {
                    end++;
                }

                Array.Sort(order, first, end - first);
                first = end;
            }
        }

        for (int place = 0; ties is not null && place < order.Length; place++)
        {
            order[place] = ties[order[place]];
        }

        return order;
    }
}
