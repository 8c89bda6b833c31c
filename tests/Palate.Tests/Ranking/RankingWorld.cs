namespace Palate;

/// <summary>Makes ranking data with a known answer.</summary>
internal static class RankingWorld
{
    /// <summary>Random features in 0..1; the label of a row is what <paramref name="label"/> makes of its
    /// features.</summary>
    public static RankingDataset Make(
        int groups,
        int groupSize,
        int features,
        ulong seed,
        Func<float[], SeededRandom, float> label,
        double missing = 0)
    {
        var random = new SeededRandom(seed);
        int rows = groups * groupSize;
        float[] values = new float[features * rows];
        float[] labels = new float[rows];
        float[] row = new float[features];
        for (int r = 0; r < rows; r++)
        {
            for (int feature = 0; feature < features; feature++)
            {
                row[feature] = random.NextDouble() < missing ? float.NaN : (float)random.NextDouble();
                values[feature * rows + r] = row[feature];
            }

            labels[r] = label(row, random);
        }

        return new RankingDataset(Names(features), values, labels, Offsets(groups, groupSize));
    }

    public static string[] Names(int features) => [.. Enumerable.Range(0, features).Select(f => $"f{f}")];

    public static int[] Offsets(int groups, int groupSize) =>
        [.. Enumerable.Range(0, groups + 1).Select(group => group * groupSize)];

    /// <summary>The rows of one group as a request.</summary>
    public static FeatureMatrix Request(RankingDataset data, int group)
    {
        int start = data.Offsets[group];
        var matrix = new FeatureMatrix(data.Features, data.Offsets[group + 1] - start);
        for (int feature = 0; feature < data.Features; feature++)
        {
            data[feature].Slice(start, matrix.Candidates).CopyTo(matrix[feature]);
        }

        return matrix;
    }

    public static float[] Scores(IRanker ranker, FeatureMatrix request)
    {
        float[] scores = new float[request.Candidates];
        ranker.Score(request, scores);
        return scores;
    }

    /// <summary>The mean NDCG of a ranker over all groups.</summary>
    public static double Ndcg(IRanker ranker, RankingDataset data, int places = 10)
    {
        float[] scores = new float[data.Rows];
        for (int group = 0; group < data.Groups; group++)
        {
            Scores(ranker, Request(data, group)).CopyTo(scores, data.Offsets[group]);
        }

        return GroupNdcg.Mean(data, scores, places, LabelGain.Label, new ParallelOptions());
    }
}
