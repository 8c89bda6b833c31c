namespace Palate.Tests;

public class CrossFitTests
{
    /// <summary>
    /// In a world without any taste nobody can tell held-out items from others. A source that saw them could: its
    /// score would single them out. So the features of the examples must not separate the labels.
    /// </summary>
    [Fact]
    public void No_feature_has_seen_its_label()
    {
        TrainingData data = SmallWorld.Data(seed: 11, density: 0.35, planted: false);

        RankingDataset examples = CrossFit.Examples(data, SmallWorld.Options, null, (_, _) => { }, default)!;

        for (int feature = 0; feature < examples.Features; feature++)
        {
            double separation = Separation(examples[feature], examples.Labels);
            Assert.True(
                separation is > 0.38 and < 0.62,
                $"{examples.FeatureNames[feature]} separates labels of a world without taste: AUC {separation:F3}");
        }
    }

    /// <summary>The check above can fail: a source that was fitted on the labels separates them almost perfectly.</summary>
    [Fact]
    public void A_source_that_saw_the_labels_would_be_found_out()
    {
        TrainingData data = SmallWorld.Data(seed: 11, density: 0.35, planted: false);
        (InteractionMatrix rest, int[][] taken) = HoldOut.Take(data.Matrix, 10, HoldOutKind.Random, seed: 1);
        var leaking = Als.Fit(data.Matrix, new AlsOptions { Factors = 16, Regularization = 0.1f });
        List<float> scores = [];
        List<float> labels = [];
        for (int user = 0; user < data.Users.Count; user++)
        {
            int[] open = [.. Enumerable.Range(0, SmallWorld.Items).Except(rest.Row(user).ToArray())];
            float[] own = new float[open.Length];
            using var context = new RetrievalContext(
                Profile.OfRow(data.Matrix, user), new ItemFilter(SmallWorld.Items));
            leaking.Score(context, open, own);
            scores.AddRange(own);
            labels.AddRange(open.Select(item => taken[user].Contains(item) ? 1f : 0f));
        }

        Assert.True(Separation([.. scores], [.. labels]) > 0.9);
    }

    /// <summary>The probability that a positive is above a negative, with ties counted half.</summary>
    private static double Separation(ReadOnlySpan<float> values, ReadOnlySpan<float> labels)
    {
        List<(float Value, float Label)> rows = [];
        for (int row = 0; row < labels.Length; row++)
        {
            if (!float.IsNaN(values[row]))
            {
                rows.Add((values[row], labels[row]));
            }
        }

        // In ascending order, a positive is above the negatives before it; those with its value count half.
        double wins = 0;
        double pairs = 0;
        int below = 0;
        foreach (IGrouping<float, (float Value, float Label)> tied in rows.GroupBy(row => row.Value).OrderBy(tied => tied.Key))
        {
            int negatives = tied.Count(row => row.Label == 0);
            int positives = tied.Count() - negatives;
            wins += positives * (below + (negatives / 2.0));
            below += negatives;
            pairs += positives;
        }

        return pairs * below == 0 ? 0.5 : wins / (pairs * below);
    }
}
