namespace Palate.Llm;

/// <summary>All judgments of one request so far, together with the base ranking.</summary>
/// <remarks>Not thread-safe: the runner owns it.</remarks>
public sealed class Evidence
{
    private readonly List<Judgment> _judgments = [];
    private readonly Dictionary<Question, Judgment?> _answers = [];
    private readonly float[] _base;

    /// <summary>Evidence with no judgment yet.</summary>
    /// <param name="baseScores">The base score of each candidate, finite.</param>
    /// <param name="top">How many places matter.</param>
    public Evidence(ReadOnlySpan<float> baseScores, int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        _base = baseScores.ToArray();
        Top = top;
        int[] order = [.. Enumerable.Range(0, _base.Length)];
        BaseOrder = [.. order.OrderByDescending(candidate => _base[candidate]).ThenBy(candidate => candidate)];
    }

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

    /// <summary>Whether a question was asked already.</summary>
    public bool WasAsked(Question question) => _answers.ContainsKey(question);

    /// <summary>The judgment on a question; null when there is none, be it not asked or failed.</summary>
    public Judgment? Answer(Question question) => _answers.GetValueOrDefault(question);

    /// <summary>Adds a judgment.</summary>
    public void Add(Judgment judgment)
    {
        ArgumentNullException.ThrowIfNull(judgment);
        _answers[judgment.Question] = judgment;
        _judgments.Add(judgment);
    }

    /// <summary>Notes that a question was asked and brought nothing.</summary>
    public void AddFailure(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        _answers.TryAdd(question, null);
    }

    /// <summary>All candidates, best first; with no judgment exactly the base ranking.</summary>
    public IReadOnlyList<int> Order() => BaseOrder;
}
