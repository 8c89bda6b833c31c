namespace Palate.Llm.Tests;

/// <summary>What the evidence says of its own uncertainty, against utilities that are known.</summary>
public sealed class EvidenceCalibrationTests
{
    [Theory]
    [InlineData(.3, .3)]
    [InlineData(.6, .7)]
    [InlineData(.8, .3)]
    [InlineData(.8, 1.2)]
    public void True_utilities_lie_within_the_stated_deviations(double correlation, double noise)
    {
        const int Trials = 30;
        double squares = 0;
        int within = 0;
        int count = 0;
        for (int seed = 0; seed < Trials; seed++)
        {
            var trial = new JudgeTrial(50, correlation, noise, 3000 + seed);
            Evidence evidence = EvidenceTests.Judged(trial, blocks: 4, seed);
            for (int candidate = 0; candidate < 50; candidate++)
            {
                double z = (trial.Utilities[candidate] - evidence.Utilities[candidate]) / evidence.Deviations[candidate];
                squares += z * z;
                within += Math.Abs(z) < 1.645 ? 1 : 0;
                count++;
            }
        }

        Assert.InRange(Math.Sqrt(squares / count), .85, 1.15);
        Assert.InRange((double)within / count, .85, .95);
    }

    [Fact]
    public void The_settled_probability_is_how_often_the_top_is_right()
    {
        // Requests of very different difficulty, so that all probabilities occur.
        double[] stated = new double[3];
        double[] right = new double[3];
        int[] counts = new int[3];
        for (int seed = 0; seed < 240; seed++)
        {
            int top = 1 + (seed % 3);
            var trial = new JudgeTrial(20, .7, seed % 2 == 0 ? .15 : .5, 5000 + seed);
            Evidence evidence = EvidenceTests.Judged(trial, blocks: 1 + (seed % 4), seed, top);
            double settled = evidence.SettledProbability();
            int bin = Math.Min(2, (int)(settled * 3));
            stated[bin] += settled;
            right[bin] += evidence.Order().Take(top).ToHashSet().SetEquals(
                Enumerable.Range(0, 20).OrderByDescending(candidate => trial.Utilities[candidate]).Take(top)) ? 1 : 0;
            counts[bin]++;
        }

        for (int bin = 0; bin < 3; bin++)
        {
            Assert.True(counts[bin] >= 15, $"Only {counts[bin]} requests in bin {bin}.");
            double chance = 2.5 * Math.Sqrt(.25 / counts[bin]);
            Assert.InRange((right[bin] - stated[bin]) / counts[bin], -chance, chance);
        }
    }

    [Fact]
    public void Membership_of_the_top_is_as_frequent_as_stated()
    {
        double[] stated = new double[5];
        double[] right = new double[5];
        int[] counts = new int[5];
        for (int seed = 0; seed < 60; seed++)
        {
            var trial = new JudgeTrial(50, .6, .7, 8000 + seed);
            Evidence evidence = EvidenceTests.Judged(trial, blocks: 3, seed);
            var best = Enumerable.Range(0, 50).OrderByDescending(candidate => trial.Utilities[candidate]).Take(10).ToHashSet();
            for (int candidate = 0; candidate < 50; candidate++)
            {
                double membership = evidence.TopDraws.Membership[candidate];
                int bin = Math.Min(4, (int)(membership * 5));
                stated[bin] += membership;
                right[bin] += best.Contains(candidate) ? 1 : 0;
                counts[bin]++;
            }
        }

        for (int bin = 0; bin < 5; bin++)
        {
            Assert.InRange((right[bin] - stated[bin]) / counts[bin], -.08, .08);
        }
    }
}
