namespace Palate;

/// <summary>Ranking data for the tree benchmarks; bench/peers/xgboost_predict.py makes the same kind.</summary>
internal static class TreeWorld
{
    public const int Features = 40;

    /// <summary>Groups of 150 rows, ten of them relevant; a few features are counts, and a few are often
    /// unknown.</summary>
    public static RankingDataset Make(int groups, ulong seed)
    {
        const int Size = 150;
        var random = new SeededRandom(seed);
        int rows = groups * Size;
        float[] values = new float[Features * rows];
        float[] labels = new float[rows];
        float[] x = new float[Features];
        var utilities = new (double Utility, int Row)[Size];
        for (int group = 0; group < groups; group++)
        {
            float taste = (float)random.NextNormal();
            for (int place = 0; place < Size; place++)
            {
                int row = group * Size + place;
                for (int feature = 0; feature < Features; feature++)
                {
                    x[feature] = (float)random.NextNormal();
                    x[feature] = feature switch
                    {
                        >= 20 and < 24 when random.NextDouble() < 0.3 => float.NaN,
                        >= 24 and < 30 => MathF.Floor(MathF.Abs(x[feature]) * 3),
                        30 => taste,
                        _ => x[feature],
                    };
                    values[feature * rows + row] = x[feature];
                }

                double known = float.IsNaN(x[20]) ? -0.7 : x[20];
                double utility = 0.9 * x[0] + 0.6 * x[1] * x[30] + 0.5 * Math.Sin(2 * x[2])
                    + 0.4 * Math.Max(x[3], x[4]) + 0.3 * known + (x[31] > 0 ? 0.25 * x[24] : 0)
                    + (x[5] * x[6] > 0 ? 0.5 : 0) + 0.3 * Math.Abs(x[7]) + 0.2 * x[8] + 0.2 * x[9] * x[10];
                utilities[place] = (utility - 0.8 * Math.Log(-Math.Log(random.NextDouble() + 1e-12)), row);
            }

            foreach ((_, int row) in utilities.OrderByDescending(pair => pair.Utility).Take(10))
            {
                labels[row] = 1;
            }
        }

        return new RankingDataset(
            [.. Enumerable.Range(0, Features).Select(feature => $"f{feature}")],
            values,
            labels,
            [.. Enumerable.Range(0, groups + 1).Select(group => group * Size)]);
    }

    public static LambdaMartOptions Options(int trees) => new()
    {
        Objective = RankingObjective.Logistic,
        Trees = trees,
        LearningRate = 0.1f,
        Threads = 2,
        Tree = new TreeOptions { MaxDepth = 6 },
    };
}
