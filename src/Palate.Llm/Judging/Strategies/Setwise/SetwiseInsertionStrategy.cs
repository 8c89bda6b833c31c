namespace Palate.Llm;

/// <summary>Sorts the base ranking's top by setwise heapsort, then inserts only those of the rest that beat its last.</summary>
/// <remarks>
/// Setwise insertion, Podolak et al. 2025, arXiv 2504.10509: the base ranking is trusted to be nearly right, so that
/// most sets of the rest are passed over by one question, which shows the last of the top first. A winner is put in
/// its place by sets of two, halving the top each time.
/// </remarks>
internal sealed class SetwiseInsertionStrategy : Strategy
{
    private readonly SetOptions _options;

    /// <summary>A strategy with its sets; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public SetwiseInsertionStrategy(SetOptions? options = null)
    {
        _options = options ?? new SetOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => "setwise-insertion";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        Follow(evidence, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence) => Follow(evidence, out _);

    private int[] Follow(Evidence evidence, out Replay replay)
    {
        var sets = new Replay(evidence);
        replay = sets;
        int size = Math.Min(evidence.Top, evidence.Candidates);
        int[] prior = [.. evidence.BaseOrder];
        List<int> top = Heapsort.Top(
            evidence,
            prior[..size],
            _options.Children,
            (IReadOnlyList<int> family, out int best) =>
                sets.TryBest(new Question(QuestionKind.Best, family), out best));
        if (sets.Missing.Count > 0 || top.Count == 0)
        {
            return BaseFill.After(top, evidence);
        }

        foreach (int[] group in prior[size..].Chunk(_options.Children))
        {
            List<int> rest = [.. group];
            while (rest.Count > 0)
            {
                if (!sets.TryBest(new Question(QuestionKind.Best, [top[^1], .. rest]), out int best))
                {
                    return BaseFill.After(top, evidence);
                }

                if (best == top[^1])
                {
                    break;
                }

                if (!TryPlace(sets, top, best, out int place))
                {
                    return BaseFill.After(top, evidence);
                }

                rest.Remove(best);
                top.Insert(place, best);
                top.RemoveAt(top.Count - 1);
            }
        }

        return BaseFill.After(top, evidence);
    }

    /// <summary>Finds where a candidate that beats the last belongs, by halving.</summary>
    private static bool TryPlace(Replay sets, List<int> top, int candidate, out int place)
    {
        place = 0;
        int end = top.Count - 1;
        while (place < end)
        {
            int middle = (place + end) / 2;
            if (!sets.TryBest(new Question(QuestionKind.Best, [top[middle], candidate]), out int best))
            {
                return false;
            }

            (place, end) = best == candidate ? (place, middle) : (middle + 1, end);
        }

        return true;
    }
}
