namespace Palate.Llm;

/// <summary>Follows a method over the judgments that are there, and collects the questions that it still needs.</summary>
/// <remarks>
/// A question that failed reads as answered by the base order, where it asks for the best, or by the order in which it
/// showed its candidates, where it asks for an order: a window that failed leaves the list as it was. Neither changes
/// when more evidence comes, so a replay always takes the same way again.
/// </remarks>
internal sealed class Replay
{
    private readonly Evidence _evidence;
    private readonly int[] _baseRank;
    private readonly HashSet<Question> _wanted = [];
    private readonly List<Question> _missing = [];

    public Replay(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        _evidence = evidence;
        _baseRank = new int[evidence.Candidates];
        for (int rank = 0; rank < _baseRank.Length; rank++)
        {
            _baseRank[evidence.BaseOrder[rank]] = rank;
        }
    }

    /// <summary>The questions that were needed and not asked yet, each once.</summary>
    public IReadOnlyList<Question> Missing => _missing;

    /// <summary>A candidate's place in the base ranking, 0 for the best.</summary>
    public int BaseRank(int candidate) => _baseRank[candidate];

    /// <summary>Whether a question was asked, answered or not; one that was not is noted as missing.</summary>
    public bool Knows(Question question)
    {
        if (_evidence.WasAsked(question))
        {
            return true;
        }

        if (_wanted.Add(question))
        {
            _missing.Add(question);
        }

        return false;
    }

    /// <summary>The candidates of a question, best first; those that the judgment leaves out follow as they were shown.</summary>
    public bool TryOrder(Question question, out int[] order)
    {
        order = [];
        if (!Knows(question))
        {
            return false;
        }

        order = [.. question.Candidates];
        if (_evidence.Answer(question) is not { } judgment)
        {
            return true;
        }

        double[] keys = new double[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            keys[place] = Worth(judgment, order[place], place);
        }

        // Stable, so that equal ones stay as they were shown.
        order = [.. Enumerable.Range(0, order.Length)
            .OrderByDescending(place => keys[place])
            .Select(place => question.Candidates[place])];
        return true;
    }

    /// <summary>The best candidate of a question; what the judgment leaves open is decided by the base order.</summary>
    public bool TryBest(Question question, out int best)
    {
        best = -1;
        if (!Knows(question))
        {
            return false;
        }

        Judgment? judgment = _evidence.Answer(question);
        double bestWorth = double.NegativeInfinity;
        for (int place = 0; place < question.Candidates.Count; place++)
        {
            int candidate = question.Candidates[place];
            double worth = judgment is null ? 0 : Worth(judgment, candidate, place);
            if (best < 0 || worth > bestWorth || (worth == bestWorth && _baseRank[candidate] < _baseRank[best]))
            {
                (best, bestWorth) = (candidate, worth);
            }
        }

        return true;
    }

    /// <summary>
    /// The better of two, asked in both orders: PRP (Qin et al. 2023, arXiv 2306.17563). Null where the two answers
    /// contradict each other.
    /// </summary>
    public bool TryPair(int first, int second, out int? winner)
    {
        winner = null;
        bool there = TryBest(new Question(QuestionKind.Pair, [first, second]), out int forth);
        bool back = TryBest(new Question(QuestionKind.Pair, [second, first]), out int other);
        if (!there || !back)
        {
            return false;
        }

        winner = forth == other ? forth : null;
        return true;
    }

    /// <summary>As <see cref="TryPair"/>, with a contradiction decided by the base order.</summary>
    public bool TryBetter(int first, int second, out int winner)
    {
        bool known = TryPair(first, second, out int? agreed);
        winner = agreed ?? (_baseRank[first] < _baseRank[second] ? first : second);
        return known;
    }

    /// <summary>Higher is better within one question; candidates that the judgment does not tell apart are equal.</summary>
    private static double Worth(Judgment judgment, int candidate, int place)
    {
        if (judgment.IsGraded)
        {
            return double.IsNaN(judgment.Grades[place]) ? -1 : judgment.Grades[place];
        }

        for (int named = 0; named < judgment.Named.Count; named++)
        {
            if (judgment.Named[named] == candidate)
            {
                return judgment.IsOrdered ? judgment.Named.Count - named : 1;
            }
        }

        return 0;
    }
}
