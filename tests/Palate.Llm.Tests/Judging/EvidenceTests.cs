namespace Palate.Llm.Tests;

public sealed class EvidenceTests
{
    [Fact]
    public void Without_a_judgment_the_order_is_the_base_order_and_ties_keep_ascending_number()
    {
        var evidence = new Evidence([.2f, .9f, .2f, .9f, .5f], 2);

        Assert.Equal([1, 3, 4, 0, 2], evidence.Order());
        Assert.Equal(evidence.Utilities[1], evidence.Utilities[3]);
        Assert.All(evidence.Deviations, deviation => Assert.InRange(deviation, .01, 1.2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Few_candidates_are_settled_whatever_happens(int candidates)
    {
        var evidence = new Evidence(new float[candidates], 1);

        Assert.Equal(Enumerable.Range(0, candidates), evidence.Order());
        Assert.Equal(1, evidence.SettledProbability());
    }

    [Fact]
    public void A_base_score_that_is_not_finite_is_an_error_that_names_the_candidate()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Evidence([1, float.NaN], 1));
        Assert.Contains("candidate 1 is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_judgment_about_a_candidate_that_there_is_not_is_an_error()
    {
        var evidence = new Evidence([1, 2], 1);
        Assert.Throws<ArgumentException>(
            () => evidence.Add(Judgment.Ordered(new Question(QuestionKind.Order, [0, 2]), [2, 0])));
        Assert.Equal([1, 0], evidence.Order());
    }

    [Fact]
    public void Options_out_of_their_limits_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => new Evidence([1], 1, new EvidenceOptions { BaseCorrelation = 1.5 }));
        Assert.Throws<ArgumentException>(() => new Evidence([1], 1, new EvidenceOptions { JudgeNoise = double.NaN }));
        Assert.Throws<ArgumentException>(
            () => new Evidence([1], 1, new EvidenceOptions { UselessProbability = .6, HostileProbability = .6 }));
    }

    [Fact]
    public void Any_judgments_in_any_order_give_each_candidate_once_and_the_same_order()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int candidates = random.Next(1, 30);
            float[] scores = [.. Enumerable.Range(0, candidates).Select(_ => (float)random.Next(6))];
            Judgment[] judgments = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => AnyJudgment(random, candidates))];
            var evidence = new Evidence(scores, random.Next(1, candidates + 1));
            foreach (Judgment judgment in judgments)
            {
                evidence.Add(judgment);
                Assert.Equal(Enumerable.Range(0, candidates), evidence.Order().Order());
                Assert.All(evidence.Utilities, utility => Assert.True(double.IsFinite(utility)));
                Assert.All(evidence.Deviations, deviation => Assert.True(deviation > 0 && double.IsFinite(deviation)));
                Assert.InRange(evidence.SettledProbability(), 0, 1);
                Assert.InRange(evidence.BaseCorrelation, 0, 1);
                Assert.True(evidence.JudgeNoise > 0);
            }

            random.Shuffle(judgments);
            var again = new Evidence(scores, evidence.Top);
            foreach (Judgment judgment in judgments)
            {
                again.Add(judgment);
            }

            Assert.Equal(evidence.Order(), again.Order());
            Assert.Equal(evidence.Utilities, again.Utilities);
            Assert.Equal(evidence.SettledProbability(), again.SettledProbability());
        }
    }

    [Fact]
    public void The_same_answer_to_the_same_question_counts_once_and_a_repetition_counts_again()
    {
        float[] scores = [3, 2, 1, 0];
        var once = new Evidence(scores, 1);
        var twice = new Evidence(scores, 1);
        var repeated = new Evidence(scores, 1);
        Judgment judgment = Judgment.Ordered(new Question(QuestionKind.Order, [0, 1, 2, 3]), [3, 0, 1, 2]);
        once.Add(judgment);
        twice.Add(judgment);
        twice.Add(judgment);
        repeated.Add(judgment);
        repeated.Add(Judgment.Ordered(new Question(QuestionKind.Order, [0, 1, 2, 3], repeat: 1), [3, 0, 1, 2]));

        Assert.Equal(once.Utilities, twice.Utilities);
        Assert.True(repeated.Utilities[3] > once.Utilities[3]);
    }

    [Fact]
    public void Every_kind_of_judgment_lifts_what_it_prefers()
    {
        float[] scores = [5, 4, 3, 2, 1, 0];
        int[] all = [0, 1, 2, 3, 4, 5];
        Judgment[] judgments =
        [
            Judgment.Ordered(new Question(QuestionKind.Order, all), [5, 0, 1, 2, 3, 4]),
            Judgment.Ordered(new Question(QuestionKind.Order, all, wanted: 2), [5, 1]),
            Judgment.Ordered(new Question(QuestionKind.Pair, [0, 5]), [5]),
            Judgment.Ordered(new Question(QuestionKind.Best, all), [5]),
            Judgment.Chosen(new Question(QuestionKind.Choose, all, wanted: 2), [5, 1]),
            Judgment.Graded(new Question(QuestionKind.Grade, all), [.5, .4, .3, .2, double.NaN, .9]),
        ];
        foreach (Judgment judgment in judgments)
        {
            var evidence = new Evidence(scores, 2);
            double before = evidence.Utilities[5] - evidence.Utilities[0];
            evidence.Add(judgment);
            Assert.True(evidence.Utilities[5] - evidence.Utilities[0] > before + .1, judgment.Question.ToString());
        }
    }

    [Fact]
    public void Grades_on_any_scale_and_from_separate_calls_say_the_same()
    {
        float[] scores = [3, 2, 1, 0];
        var wide = new Evidence(scores, 1);
        var narrow = new Evidence(scores, 1);
        double[] grades = [.2, .4, .9, .1];
        wide.Add(Judgment.Graded(new Question(QuestionKind.Grade, [0, 1, 2, 3]), grades));
        for (int candidate = 0; candidate < 4; candidate++)
        {
            narrow.Add(Judgment.Graded(new Question(QuestionKind.Grade, [candidate]), [.7 + (.1 * grades[candidate])]));
        }

        Assert.Equal(2, wide.Order()[0]);
        for (int candidate = 0; candidate < 4; candidate++)
        {
            Assert.Equal(wide.Utilities[candidate], narrow.Utilities[candidate], .02);
        }
    }

    [Fact]
    public void Equal_grades_and_a_question_of_one_candidate_say_nothing()
    {
        var evidence = new Evidence([1, 3, 2], 1);
        evidence.Add(Judgment.Graded(new Question(QuestionKind.Grade, [0, 1, 2]), [.5, .5, .5]));
        evidence.Add(Judgment.Ordered(new Question(QuestionKind.Order, [0]), [0]));

        Assert.Equal([1, 2, 0], evidence.Order());
    }

    [Theory]
    [InlineData("random")]
    [InlineData("stuck")]
    [InlineData("last")]
    [InlineData("reversed")]
    public void A_useless_judge_does_not_wreck_a_good_base(string judge)
    {
        double harm = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            var trial = new JudgeTrial(60, .8, 0, 900 + seed);
            var evidence = new Evidence(trial.BaseScores, 10);
            var random = new Random(seed);
            for (int block = 0; block < 6; block++)
            {
                int[] shown = [.. Enumerable.Range(0, 60)];
                random.Shuffle(shown);
                var question = new Question(QuestionKind.Order, shown[..20]);
                int[] reply = trial.Rank(question.Candidates, 20);
                reply = judge switch
                {
                    "stuck" => [.. question.Candidates],
                    "last" or "reversed" => [.. (judge == "last" ? question.Candidates : reply).Reverse()],
                    _ => Shuffled(reply, random),
                };
                evidence.Add(Judgment.Ordered(question, reply));
            }

            harm += trial.Ndcg(evidence.BaseOrder) - trial.Ndcg(evidence.Order());
        }

        // Chance replies look a little like a weak base with a noisy judge, until a pipeline has learned better.
        Assert.InRange(harm / 12, -1, judge == "random" ? .06 : .01);
    }

    [Fact]
    public void A_judge_that_favours_the_first_places_is_corrected_for()
    {
        double plain = 0;
        double inferred = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            var trial = new JudgeTrial(20, .3, .3, 700 + seed);
            var evidence = new Evidence(trial.BaseScores, 10);
            var random = new Random(seed);
            double[] borda = new double[20];
            for (int pass = 0; pass < 4; pass++)
            {
                int[] shown = [.. Enumerable.Range(0, 20)];
                random.Shuffle(shown);
                int[] reply = [.. Enumerable.Range(0, 20)
                    .OrderByDescending(at => trial.Utilities[shown[at]] + (.3 * trial.Normal()) + (1.5 * (10 - at) / 10))
                    .Select(at => shown[at])];
                for (int place = 0; place < 20; place++)
                {
                    borda[reply[place]] -= place;
                }

                evidence.Add(Judgment.Ordered(new Question(QuestionKind.Order, shown), reply));
            }

            plain += trial.Ndcg([.. Enumerable.Range(0, 20).OrderByDescending(candidate => borda[candidate])]);
            inferred += trial.Ndcg(evidence.Order());
        }

        Assert.True(inferred > plain, $"{inferred / 12:0.000} against {plain / 12:0.000}");
    }

    [Fact]
    public void It_learns_how_good_the_base_is_and_how_noisy_the_judge()
    {
        (double weakBase, double sharp) = Learned(.1, .2);
        (double goodBase, double noisy) = Learned(.85, 1.6);

        Assert.InRange(weakBase, 0, .4);
        Assert.InRange(goodBase, .6, 1);
        Assert.InRange(sharp, .1, .45);
        Assert.InRange(noisy, .9, 3);
    }

    private static (double Base, double Noise) Learned(double correlation, double noise)
    {
        double learnedBase = 0;
        double learnedNoise = 0;
        for (int seed = 0; seed < 8; seed++)
        {
            Evidence evidence = Judged(new JudgeTrial(60, correlation, noise, seed), blocks: 6, seed);
            learnedBase += evidence.BaseCorrelation / 8;
            learnedNoise += evidence.JudgeNoise / 8;
        }

        return (learnedBase, learnedNoise);
    }

    /// <summary>Evidence after random blocks of 20.</summary>
    internal static Evidence Judged(JudgeTrial trial, int blocks, int seed, int top = 10)
    {
        var evidence = new Evidence(trial.BaseScores, top);
        var random = new Random(seed);
        int[] shown = [.. Enumerable.Range(0, trial.BaseScores.Length)];
        for (int block = 0; block < blocks; block++)
        {
            random.Shuffle(shown);
            evidence.Add(trial.Answer(new Question(QuestionKind.Order, shown[..20])));
        }

        return evidence;
    }

    private static int[] Shuffled(int[] values, Random random)
    {
        random.Shuffle(values);
        return values;
    }

    private static Judgment AnyJudgment(Random random, int candidates)
    {
        int[] shown = Shuffled([.. Enumerable.Range(0, candidates)], random)[..random.Next(1, candidates + 1)];
        int[] named = Shuffled([.. shown], random)[..random.Next(1, shown.Length + 1)];
        return random.Next(3) switch
        {
            0 => Judgment.Ordered(new Question(QuestionKind.Order, shown, named.Length), named),
            1 => Judgment.Chosen(new Question(QuestionKind.Choose, shown, named.Length), named),
            _ => Judgment.Graded(
                new Question((QuestionKind)random.Next(2), shown),
                [.. shown.Select((_, at) => at > 0 && random.Next(4) == 0 ? double.NaN : random.Next(3) / 2.0)]),
        };
    }
}
