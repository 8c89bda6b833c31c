namespace Palate.Llm;

/// <summary>The same candidates in several shuffled orders at once, so that no place in the prompt is favoured.</summary>
/// <remarks>
/// Permutation self-consistency, Tang et al. 2023, arXiv 2310.07712; the shuffles of LLMRank (Hou et al. 2024, arXiv
/// 2305.08845) with mean places. Questions that failed have no vote.
/// </remarks>
internal sealed class SelfConsistencyStrategy : Strategy
{
    private readonly ConsistencyOptions _options;

    /// <summary>A strategy with its shuffles; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public SelfConsistencyStrategy(ConsistencyOptions? options = null)
    {
        _options = options ?? new ConsistencyOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => "self-consistency";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        var replay = new Replay(evidence);
        return [.. Questions(evidence).Where(question => !replay.Knows(question))];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        int[] shown = [.. evidence.BaseOrder.Take(_options.WindowSize)];
        var votes = new PairVotes(shown);
        foreach (Question question in Questions(evidence))
        {
            if (evidence.Answer(question) is { } judgment)
            {
                votes.Add(judgment);
            }
        }

        int[] order = votes.Borda();
        if (_options.Aggregation == OrderAggregation.Kemeny)
        {
            votes.Improve(order);
        }

        return BaseFill.After(order, evidence);
    }

    private List<Question> Questions(Evidence evidence)
    {
        List<Question> questions = [];
        int[] shown = [.. evidence.BaseOrder.Take(_options.WindowSize)];
        for (int shuffle = 0; shown.Length > 1 && shuffle < _options.Shuffles; shuffle++)
        {
            // A repeated order, likely where there are few candidates, is asked again as a question of its own.
            questions.Add(new Question(
                QuestionKind.Order, SeededShuffle.Of(shown, seed: 1, shuffle), repeat: shuffle));
        }

        return questions;
    }
}
