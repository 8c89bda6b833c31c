namespace Palate.Tests;

/// <summary>Requests with planted utilities, a base that knows something of them, and judges good and bad.</summary>
internal static class TrustWorld
{
    public const int Candidates = 40;

    public static TrustSample[] Make(string judge, int requests, ulong seed, double trust = 0.5, string segment = "")
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, requests).Select(_ => One(judge, random, trust, segment))];
    }

    /// <summary>Mean NDCG@10 when every request is blended by what was learned for its segment.</summary>
    public static double Quality(IEnumerable<TrustSample> samples, Func<string, Blend> blend) =>
        samples.Where(sample => sample.Labels.Any(label => label > 0))
            .Average(sample => TrustLearner.Ndcg(sample, blend(sample.Segment), 10));

    private static TrustSample One(string judge, SeededRandom random, double trust, string segment)
    {
        double[] utility = new double[Candidates];
        float[] scores = new float[Candidates];
        float[] good = new float[Candidates];
        float[] noise = new float[Candidates];
        float[] labels = new float[Candidates];
        for (int candidate = 0; candidate < Candidates; candidate++)
        {
            utility[candidate] = random.NextNormal();
            scores[candidate] = (float)(trust * utility[candidate] + Math.Sqrt(1 - trust * trust) * random.NextNormal());
            good[candidate] = (float)(0.8 * utility[candidate] + 0.6 * random.NextNormal());
            noise[candidate] = (float)random.NextNormal();
            labels[candidate] = utility[candidate] + 0.5 * random.NextNormal() > 1.4 ? 1 : 0;
        }

        bool malformed = random.NextDouble() < 0.5;
        float[] evidence = judge switch
        {
            "good" => good,
            "random" => noise,
            "hostile" => [.. good.Select(value => -value)],
            // The first one shown wins every time: the base order, told with another scale.
            "stuck" => [.. scores.Select(score => score >= scores.Max() ? 1f : 0f)],
            "empty" => [],
            "half-malformed" => malformed ? [] : good,
            "half-malformed-random" => malformed ? [] : noise,
            _ => throw new ArgumentOutOfRangeException(nameof(judge), judge, "No such judge."),
        };
        return new TrustSample(scores, evidence, labels, segment);
    }
}
