namespace Palate.Llm;

/// <summary>Asks where the posterior is undecided around the cut.</summary>
public sealed class AdaptiveStrategy(AdaptiveOptions? options = null) : Strategy
{
    private readonly AdaptiveOptions _options = options ?? new AdaptiveOptions();

    /// <inheritdoc/>
    public override string Name => "adaptive";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        int shown = evidence.Questions.Sum(question => question.Candidates.Count);
        int[] stages = [(int)Math.Round(_options.First * _options.Shown), (int)Math.Round(_options.Second * _options.Shown), _options.Shown];
        int items = stages.FirstOrDefault(stage => shown < stage - 1, shown) - shown;
        if (items < 2)
        {
            return [];
        }
        items = Math.Min(items, evidence.Candidates);
        double[] p = evidence.TopDraws.Membership;
        double[] stake = evidence.TopDraws.Stake;
        IReadOnlyList<double> deviation = evidence.Deviations;
        double[] score = new double[evidence.Candidates];
        double noise = evidence.JudgeNoise;
        for (int i = 0; i < score.Length; i++)
        {
            double v = deviation[i] * deviation[i];
            double s = Math.Sqrt(v * v / (v + noise * noise));
            score[i] = _options.Score switch
            {
                0 => stake[i],
                1 => p[i] * (1 - p[i]),
                2 => stake[i] + _options.Weight * .1 * p[i] * s,
                3 => p[i] * s,
                4 => evidence.Utilities[i] + _options.Weight * s,
                _ => p[i],
            };
        }
        int[] chosen = [.. evidence.Order().OrderByDescending(i => score[i]).Take(items)];
        IReadOnlyList<double> u = evidence.Utilities;
        chosen = [.. chosen.OrderByDescending(i => u[i])];
        int blocks = (items + _options.BlockSize - 1) / _options.BlockSize;
        var dealt = new List<int>[blocks];
        for (int b = 0; b < blocks; b++) dealt[b] = [];
        for (int at = 0; at < chosen.Length; at++)
        {
            int b = at % (2 * blocks);
            b = b < blocks ? b : 2 * blocks - 1 - b;
            if (_options.Deal == 1) b = at / _options.BlockSize;
            dealt[b].Add(chosen[at]);
        }
        return [.. dealt.Select((block, b) => new Question(QuestionKind.Order, block, Math.Max(1, (int)(_options.Wanted * block.Count)), repeat: shown))];
    }
}
