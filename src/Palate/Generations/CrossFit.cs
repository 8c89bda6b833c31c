namespace Palate;

/// <summary>Makes the ranker's training examples from sources that have not seen the examples' labels.</summary>
/// <remarks>
/// A source scores an interaction that it was fitted on far too well, and a ranker that learns from such scores trusts
/// the source blindly. So, several times over: some interactions of every user are taken away, sources and features
/// are fitted on the rest, candidates are drawn for the rest of the history exactly as in a request, and a candidate
/// that was taken away is a positive. No feature has seen its label. In requests the sources are fitted on everything:
/// their histories are a little longer than in training, which is the price.
/// </remarks>
internal static class CrossFit
{
    /// <summary>The examples of all hold-outs: one group per user and hold-out in which a positive was retrieved.</summary>
    public static RankingDataset? Examples(
        TrainingData data, TrainingOptions options, TextModels? texts, Action<double, string> report, CancellationToken stop)
    {
        RankingOptions ranking = options.Ranking;
        RankingDatasetBuilder? builder = null;
        for (int holdOut = 0; holdOut < ranking.HoldOuts; holdOut++)
        {
            report((double)holdOut / ranking.HoldOuts, $"hold-out {holdOut + 1} of {ranking.HoldOuts}");
            stop.ThrowIfCancellationRequested();

            // Mixing in the number of the hold-out leaves streams far apart, whatever the seed.
            ulong seed = options.Seed * 1_000_003 + (ulong)holdOut;
            (InteractionMatrix rest, int[][] taken) =
                HoldOut.Take(data.Matrix, ranking.LabelsPerUser, ranking.HoldOut, seed, ranking.LabelShare);
            var reduced = new TrainingData(data.Catalog, data.Users, rest, data.Hash);
            SourceSet sources = SourceSet.FitServing(reduced, options, texts, stop);
            var features = FeatureBuilder.Fit(reduced, sources.Personal, sources.Texts);
            builder ??= new RankingDatasetBuilder([.. features.Definitions.Select(feature => feature.Name)]);
            foreach ((FeatureMatrix matrix, float[] labels) in Groups(reduced, options, sources, features, taken, seed, stop))
            {
                builder.Add(matrix, labels);
            }
        }

        return builder is null || builder.Rows == 0 ? null : builder.Build();
    }

    private static IEnumerable<(FeatureMatrix, float[])> Groups(
        TrainingData reduced,
        TrainingOptions options,
        SourceSet sources,
        FeatureBuilder features,
        int[][] taken,
        ulong seed,
        CancellationToken stop)
    {
        Retriever retriever = PipelineBuilder.Personal(sources, options.Retrieval);
        int[] users = [.. Enumerable.Range(0, taken.Length).Where(user => taken[user].Length > 0)];
        if (users.Length > options.Ranking.MaxUsers)
        {
            new SeededRandom(seed ^ 0x5DEECE66D).Shuffle<int>(users);
            Array.Resize(ref users, options.Ranking.MaxUsers);
            Array.Sort(users);
        }

        var groups = new (FeatureMatrix Matrix, float[] Labels)?[users.Length];
        Parallel.For(0, users.Length, new ParallelOptions { CancellationToken = stop }, place =>
        {
            int user = users[place];
            using var context = RetrievalContext.OfRow(reduced.Matrix, user);
            CandidateSet candidates = retriever.Retrieve(context);
            float[] labels = new float[candidates.Count];
            for (int candidate = 0; candidate < labels.Length; candidate++)
            {
                labels[candidate] = Array.BinarySearch(taken[user], candidates.Items[candidate]) >= 0 ? 1 : 0;
            }

            if (labels.AsSpan().Contains(1f))
            {
                groups[place] = (features.Build(context, candidates), labels);
            }
        });
        return groups.OfType<(FeatureMatrix, float[])>();
    }
}
