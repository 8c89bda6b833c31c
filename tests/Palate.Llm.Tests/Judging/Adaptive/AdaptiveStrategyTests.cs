namespace Palate.Llm.Tests;

public sealed class AdaptiveStrategyTests
{
    [Fact]
    public void Few_candidates_are_asked_about_in_one_question()
    {
        var evidence = new Evidence([.. Enumerable.Range(0, 20).Select(candidate => -(float)candidate)], 10);
        var strategy = new AdaptiveStrategy();

        Question question = Assert.Single(strategy.NextRound(evidence));

        Assert.Equal(QuestionKind.Order, question.Kind);
        Assert.Equal(question.Candidates.Count * 3 / 4, question.Wanted);
        Assert.False(question.IsBrief);
        Assert.InRange(question.Candidates.Count, 12, 20);
        Assert.Equal(question.Candidates.Count, question.Candidates.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_short_list_is_asked_about_in_a_whole_block(int top)
    {
        var evidence = new Evidence([.. Enumerable.Range(0, 50).Select(candidate => -(float)candidate)], top);

        Question question = Assert.Single(new AdaptiveStrategy().NextRound(evidence));

        Assert.Equal(20, question.Candidates.Count);
        Assert.Contains(0, question.Candidates);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public void Nothing_is_asked_when_every_candidate_makes_the_top(int candidates) =>
        Assert.Empty(new AdaptiveStrategy().NextRound(new Evidence(new float[candidates], 10)));

    [Fact]
    public void The_same_evidence_gives_the_same_questions()
    {
        var strategy = new AdaptiveStrategy();
        Evidence first = EvidenceTests.Judged(new JudgeTrial(100, .5, .5, 1), 2, 1);
        Evidence second = EvidenceTests.Judged(new JudgeTrial(100, .5, .5, 1), 2, 1);

        Assert.NotEmpty(strategy.NextRound(first));
        Assert.Equal(strategy.NextRound(first), strategy.NextRound(second));
    }

    [Fact]
    public void Rounds_blocks_and_candidates_stay_within_the_limits()
    {
        foreach (int candidates in new[] { 11, 25, 47, 100, 200 })
        {
            var trial = new JudgeTrial(candidates, .2, .2, candidates);
            var evidence = new Evidence(trial.BaseScores, 10);
            var strategy = new AdaptiveStrategy();
            int rounds = 0;
            while (strategy.NextRound(evidence) is { Count: > 0 } questions)
            {
                rounds++;
                Assert.All(questions, question => Assert.InRange(question.Candidates.Count, 2, 20));
                Assert.Equal(
                    questions.Sum(question => question.Candidates.Count),
                    questions.SelectMany(question => question.Candidates).Distinct().Count());
                foreach (Question question in questions)
                {
                    Assert.False(evidence.WasAsked(question));
                    evidence.Add(trial.Answer(question));
                }
            }

            Assert.InRange(rounds, 1, 3);
            Assert.InRange(trial.Shown, 1, Math.Min(120, 1.2 * candidates));
        }
    }

    [Fact]
    public void The_first_round_sees_most_in_full_blocks_and_only_chooses()
    {
        IReadOnlyList<Question> questions = new AdaptiveStrategy().NextRound(new Evidence(new float[100], 10));

        Assert.Equal(4, questions.Count);
        Assert.All(questions, question => Assert.Equal((20, 7, false), (question.Candidates.Count, question.Wanted, question.IsBrief)));
    }

    [Fact]
    public void Briefly_every_candidate_of_a_hundred_is_seen_first_and_whole_only_later()
    {
        var trial = new JudgeTrial(100, .3, .3, 5);
        var evidence = new Evidence(trial.BaseScores, 10);
        var strategy = new AdaptiveStrategy(new AdaptiveOptions { Brief = true });
        IReadOnlyList<Question> first = strategy.NextRound(evidence);

        Assert.Equal("adaptive-brief", strategy.Name);
        Assert.All(first, question => Assert.Equal((25, true), (question.Candidates.Count, question.IsBrief)));
        Assert.Equal(100, first.SelectMany(question => question.Candidates).Distinct().Count());
        foreach (Question question in first)
        {
            evidence.Add(trial.Answer(question));
        }

        Question second = Assert.Single(strategy.NextRound(evidence));
        Assert.False(second.IsBrief);
        Assert.Equal(20, second.Candidates.Count);
    }

    [Fact]
    public void Briefly_no_request_costs_more_than_three_quarters_of_what_it_may_else()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            int candidates = 11 + (seed * 37 % 170);
            var trial = new JudgeTrial(candidates, .2 + (.25 * (seed % 4)), .2 + (.65 * (seed % 3)), 81_000 + seed);
            trial.Run(new AdaptiveStrategy(new AdaptiveOptions { Brief = true }));
            double limit = Math.Min(120, 1.2 * candidates) * (candidates > 20 ? .75 : 1);

            Assert.InRange(trial.Shown - (.5 * trial.ShownBriefly), 0, limit + .5);
            Assert.InRange(trial.Rounds, 0, 3);
        }
    }

    [Fact]
    public void Candidates_that_fit_into_one_question_are_never_shown_briefly() =>
        Assert.False(Assert.Single(new AdaptiveStrategy(new AdaptiveOptions { Brief = true })
            .NextRound(new Evidence([.. Enumerable.Range(0, 20).Select(candidate => -(float)candidate)], 10))).IsBrief);

    [Fact]
    public void It_ends_when_every_question_fails()
    {
        var evidence = new Evidence([.. Enumerable.Range(0, 100).Select(candidate => (float)candidate)], 10);
        var strategy = new AdaptiveStrategy();
        int rounds = 0;
        while (strategy.NextRound(evidence) is { Count: > 0 } questions)
        {
            rounds++;
            foreach (Question question in questions)
            {
                evidence.AddFailure(question);
            }
        }

        Assert.InRange(rounds, 1, 3);
        Assert.Equal(evidence.BaseOrder, evidence.Order());
    }

    [Fact]
    public void A_weak_base_is_asked_more_of_than_a_good_one()
    {
        float[] scores = [.. Enumerable.Range(0, 100).Select(candidate => -(float)candidate)];
        int weak = Shown(new EvidenceOptions { BaseCorrelation = .3, Certainty = 8 });
        int good = Shown(new EvidenceOptions { BaseCorrelation = .95, Certainty = 8 });

        Assert.True(weak > good, $"{weak} against {good}");

        int Shown(EvidenceOptions options) => new AdaptiveStrategy().NextRound(new Evidence(scores, 10, options))
            .Sum(question => question.Candidates.Count);
    }

    [Fact]
    public void A_judge_that_proves_useless_is_not_asked_again()
    {
        var evidence = new Evidence([.. Enumerable.Range(0, 100).Select(candidate => (float)candidate)], 10);
        var strategy = new AdaptiveStrategy();
        int rounds = 0;
        while (strategy.NextRound(evidence) is { Count: > 0 } questions)
        {
            rounds++;
            foreach (Question question in questions)
            {
                evidence.Add(Judgment.Ordered(question, [.. question.Candidates.Take(question.Wanted)]));
            }
        }

        Assert.Equal(1, rounds);
        Assert.Equal(evidence.BaseOrder.Take(10), evidence.Order().Take(10));
    }

    [Fact]
    public void Options_out_of_their_limits_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => new AdaptiveStrategy(new AdaptiveOptions { BlockSize = 1 }));
        Assert.Throws<ArgumentException>(() => new AdaptiveStrategy(new AdaptiveOptions { NamedShare = double.NaN }));
    }

    [Theory]
    [InlineData(.3, .3, false)]
    [InlineData(.6, .3, false)]
    [InlineData(.6, 1.2, false)]
    [InlineData(.8, .7, false)]
    [InlineData(.3, .3, true)]
    [InlineData(.3, 1.2, true)]
    public void It_reaches_sliding_windows_at_less_than_their_tokens_and_a_third_of_their_depth(
        double correlation, double noise, bool isBrief)
    {
        const int Trials = 40;
        double[] gains = new double[Trials];
        double shown = 0;
        int output = 0;
        for (int seed = 0; seed < Trials; seed++)
        {
            var sliding = new JudgeTrial(100, correlation, noise, 70_000 + seed);
            double reached = sliding.Ndcg(sliding.SlidingWindows());
            Assert.Equal((9, 180, 180), (sliding.Rounds, sliding.Shown, sliding.Output));

            var adaptive = new JudgeTrial(100, correlation, noise, 70_000 + seed);
            gains[seed] = adaptive.Ndcg(adaptive.Run(new AdaptiveStrategy(new AdaptiveOptions { Brief = isBrief }))) - reached;
            Assert.InRange(adaptive.Rounds, 1, 3);
            shown += adaptive.Shown - (.5 * adaptive.ShownBriefly);
            output += adaptive.Output;
        }

        double mean = gains.Average();
        double half = 1.96 * Math.Sqrt(gains.Sum(gain => (gain - mean) * (gain - mean)) / (Trials - 1) / Trials);
        Assert.True(mean + half >= 0, $"NDCG@10 differs by {mean:0.000} within {half:0.000}.");
        Assert.InRange(shown, 1, Trials * (isBrief ? 90 : 120));
        Assert.InRange(output, 1, Trials * 70);
    }
}
