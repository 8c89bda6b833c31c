namespace Palate.Llm.Tests;

/// <summary>Plays a strategy against a judge until it has nothing left to ask.</summary>
internal static class Play
{
    /// <param name="Evidence">All that was said.</param>
    /// <param name="Rounds">The questions of each round.</param>
    public sealed record Game(Evidence Evidence, IReadOnlyList<IReadOnlyList<Question>> Rounds)
    {
        public int Questions => Rounds.Sum(round => round.Count);
    }

    public static Game ToTheEnd(
        Strategy strategy,
        Evidence evidence,
        Func<Question, Judgment?> judge,
        int bound,
        Action<Evidence>? afterRound = null)
    {
        List<IReadOnlyList<Question>> rounds = [];
        while (strategy.NextRound(evidence) is { Count: > 0 } round)
        {
            rounds.Add(round);
            Assert.True(rounds.Sum(each => each.Count) <= bound, $"{strategy.Name} asked more than {bound} questions.");
            foreach (Question question in round)
            {
                if (judge(question) is { } judgment)
                {
                    evidence.Add(judgment);
                }
                else
                {
                    evidence.AddFailure(question);
                }
            }

            afterRound?.Invoke(evidence);
        }

        return new Game(evidence, rounds);
    }

    /// <summary>Candidates with distinct utilities, and base scores that know something of them.</summary>
    public static (double[] Utilities, float[] Base) World(int candidates, int seed, double trust = 0.5)
    {
        var random = new Random(seed);
        double[] utilities = [.. Enumerable.Range(1, candidates).Select(rank => rank / (candidates + 1.0))];
        random.Shuffle(utilities);
        float[] scores = [.. utilities.Select(utility => (float)(trust * utility + (1 - trust) * random.NextDouble()))];
        return (utilities, scores);
    }

    /// <summary>The candidates by utility, best first.</summary>
    public static int[] Truth(double[] utilities) =>
        [.. Enumerable.Range(0, utilities.Length).OrderByDescending(candidate => utilities[candidate])];
}
