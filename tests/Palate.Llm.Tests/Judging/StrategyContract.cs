namespace Palate.Llm.Tests;

/// <summary>What every strategy keeps to, whatever it asks and whoever answers.</summary>
public abstract class StrategyContract
{
    private const int Bound = 10_000;

    public static TheoryData<int, string> Worlds { get; } = MakeWorlds();

    /// <summary>Whether a judge that is always right leads to the right top.</summary>
    protected virtual bool FindsTheTop => false;

    protected abstract Strategy Make();

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Ends_asks_each_question_once_and_keeps_all_candidates(int candidates, string judge)
    {
        Strategy strategy = Make();
        (double[] utilities, float[] scores) = Play.World(candidates, seed: candidates);
        HashSet<Question> asked = [];

        Play.Game game = Play.ToTheEnd(
            strategy,
            new Evidence(scores, 10),
            question =>
            {
                Assert.True(asked.Add(question), $"{question} was asked again.");
                Assert.All(question.Candidates, shown => Assert.InRange(shown, 0, candidates - 1));
                Assert.Distinct(question.Candidates);
                Assert.InRange(question.Wanted, 1, question.Candidates.Count);
                return SimulatedJudge.Named(judge, utilities, seed: 3)(question);
            },
            Bound,
            evidence =>
            {
                // At 100 the sorts have hundreds of rounds; the small worlds show the same.
                if (candidates < 100)
                {
                    AssertPermutation(strategy.Finish(evidence).Order, candidates);
                }
            });

        AssertPermutation(strategy.Finish(game.Evidence).Order, candidates);
        if (judge == "silent")
        {
            Assert.Equal(game.Evidence.BaseOrder, strategy.Finish(game.Evidence).Order);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Nothing_is_compared_where_there_is_nothing_to_compare(int candidates)
    {
        IReadOnlyList<Question> round = Make().NextRound(new Evidence(new float[candidates], 10));

        Assert.DoesNotContain(round, question => question.Kind is not (QuestionKind.Grade or QuestionKind.YesNo));
        Assert.True(round.Count <= candidates);
    }

    [Fact]
    public void The_same_evidence_brings_the_same_questions_in_the_same_order()
    {
        (double[] utilities, float[] scores) = Play.World(40, seed: 5);
        Strategy one = Make();
        var evidence = new Evidence(scores, 10);
        Play.ToTheEnd(
            one,
            evidence,
            SimulatedJudge.Noisy(utilities, 0.5, seed: 1),
            Bound,
            sofar =>
            {
                IReadOnlyList<Question> first = one.NextRound(sofar);
                Assert.Equal(first, one.NextRound(sofar));
                Assert.Equal(first, Make().NextRound(sofar));
            });
    }

    [Fact]
    public void Answers_may_come_one_by_one_without_changing_what_is_asked_in_the_end()
    {
        (double[] utilities, float[] scores) = Play.World(30, seed: 6);
        Func<Question, Judgment?> judge = SimulatedJudge.Noisy(utilities, 0.4, seed: 2);
        Strategy strategy = Make();
        Play.Game whole = Play.ToTheEnd(strategy, new Evidence(scores, 10), judge, Bound);

        var evidence = new Evidence(scores, 10);
        while (strategy.NextRound(evidence) is { Count: > 0 } round)
        {
            evidence.Add(judge(round[^1])!);
        }

        Assert.Equal(whole.Questions, evidence.Asked);
        Assert.Equal(strategy.Finish(whole.Evidence).Order, strategy.Finish(evidence).Order);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(20, 5)]
    [InlineData(21, 10)]
    [InlineData(100, 10)]
    public void A_judge_that_is_always_right_leads_to_the_right_top(int candidates, int top)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            (double[] utilities, float[] scores) = Play.World(candidates, seed);
            Strategy strategy = Make();
            Play.Game game = Play.ToTheEnd(
                strategy, new Evidence(scores, top), SimulatedJudge.Perfect(utilities), Bound);

            IEnumerable<int> found = strategy.Finish(game.Evidence).Order.Take(top);
            int[] right = Play.Truth(utilities)[..top];
            if (FindsTheTop)
            {
                Assert.Equal(right, found);
            }
            else
            {
                // Methods that look at a part only still find more of it than the base ranking does, or as much.
                Assert.True(found.Count(right.Contains) >= game.Evidence.BaseOrder.Take(top).Count(right.Contains));
            }
        }
    }

    [Fact]
    public void The_name_finds_the_strategy_in_the_catalog() =>
        Assert.IsType(Make().GetType(), Strategies.Create(Make().Name));

    private static void AssertPermutation(IReadOnlyList<int>? order, int candidates)
    {
        Assert.NotNull(order);
        Assert.Equal(Enumerable.Range(0, candidates), order.Order());
    }

    private static TheoryData<int, string> MakeWorlds()
    {
        var worlds = new TheoryData<int, string>();
        string[] judges = ["random", "silent", "careless", "perfect", "hostile", "noisy", "stuck"];
        foreach (int candidates in (int[])[0, 1, 2, 3, 19, 20, 21, 100])
        {
            // All pairs of 100 are 9,900 questions: three judges are enough there.
            foreach (string judge in candidates < 100 ? judges : judges[..3])
            {
                worlds.Add(candidates, judge);
            }
        }

        return worlds;
    }
}
