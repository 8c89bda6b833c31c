namespace Palate.Llm;

/// <summary>Tournaments in which the best of each group go on to the next stage and take a point.</summary>
/// <remarks>
/// TourRank, Chen et al. 2024, arXiv 2406.11678: 100 to 50 to 20 to 10 to 5 to 2 in 5 rounds of 5 + 5 + 1 + 1 + 1
/// questions; tournaments run side by side and their points add up. Groups are dealt round by round, so that each has
/// strong and weak candidates, and shown in an order fixed by the seed. Places that a reply leaves empty are filled by
/// the base order.
/// </remarks>
internal sealed class TourRankStrategy : Strategy
{
    private readonly TournamentOptions _options;

    /// <summary>A strategy with its number of tournaments; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public TourRankStrategy(TournamentOptions? options = null)
    {
        _options = options ?? new TournamentOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => "tourrank";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        Follow(evidence, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence)
    {
        int[] points = Follow(evidence, out _);
        return [.. evidence.BaseOrder.OrderByDescending(candidate => points[candidate])];
    }

    private int[] Follow(Evidence evidence, out Replay replay)
    {
        replay = new Replay(evidence);
        int[] points = new int[evidence.Candidates];
        for (int tournament = 0; tournament < _options.Tournaments; tournament++)
        {
            int[] contestants = [.. evidence.BaseOrder];
            for (int stage = 0; contestants.Length > (stage == 0 ? 1 : 2); stage++)
            {
                if (Play(evidence, replay, contestants, tournament, stage) is not { } winners)
                {
                    break;
                }

                foreach (int winner in winners)
                {
                    points[winner]++;
                }

                contestants = [.. evidence.BaseOrder.Where(winners.Contains)];
            }
        }

        return points;
    }

    /// <summary>Who goes on from a stage; null while a group's reply is missing.</summary>
    private static HashSet<int>? Play(Evidence evidence, Replay replay, int[] contestants, int tournament, int stage)
    {
        (int goOn, int groups) = Shape(contestants.Length);
        HashSet<int>? winners = [];
        for (int group = 0; group < groups; group++)
        {
            int[] dealt = [.. contestants.Where((_, place) => place % groups == group)];

            // As many as would come from this group if the contestants' order were right.
            int quota = (goOn - group + groups - 1) / groups;
            int[] shown = SeededShuffle.Of(dealt, seed: 1, (tournament * 64 + stage) * 1024 + group);
            var question = new Question(QuestionKind.Choose, shown, quota, repeat: tournament);
            if (!replay.Knows(question))
            {
                winners = null;
                continue;
            }

            // dealt is in base order, which fills up what the reply left open.
            IReadOnlyList<int> named = evidence.Answer(question) switch
            {
                { IsOrdered: true } ordered => ordered.Named,
                { } chosen => [.. dealt.Where(chosen.Named.Contains)],
                null => [],
            };
            winners?.UnionWith(named.Concat(dealt).Distinct().Take(quota));
        }

        return winners;
    }

    /// <summary>How many go on and from how many groups: the source's stages, in proportion for other sizes.</summary>
    private static (int GoOn, int Groups) Shape(int contestants) => contestants switch
    {
        > 50 => (contestants / 2, (contestants + 19) / 20),
        > 20 => (Math.Max(10, contestants * 2 / 5), (contestants + 9) / 10),
        > 10 => (10, 1),
        > 5 => (5, 1),
        > 2 => (2, 1),
        _ => (1, 1),
    };
}
