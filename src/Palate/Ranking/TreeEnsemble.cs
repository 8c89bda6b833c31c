namespace Palate;

/// <summary>Trees whose values add up to a score, together with a bias.</summary>
internal sealed class TreeEnsemble
{
    public TreeEnsemble(float bias, RegressionTree[] trees)
    {
        Bias = bias;
        Trees = trees;
    }

    public float Bias { get; }

    public RegressionTree[] Trees { get; }

    public void Score(FeatureMatrix features, Span<float> scores) => ScoreOneByOne(features, scores);

    /// <summary>The scalar twin of the vector kernels; adds up in the same order, therefore to the same bits.</summary>
    public void ScoreOneByOne(FeatureMatrix features, Span<float> scores)
    {
        for (int candidate = 0; candidate < scores.Length; candidate++)
        {
            float score = Bias;
            foreach (RegressionTree tree in Trees)
            {
                score += tree.Leaves[tree.LeafOf(features.Data, features.Stride, candidate)];
            }

            scores[candidate] = score;
        }
    }

    public float Explain(FeatureMatrix features, int candidate, Span<float> contributions)
    {
        double[] sums = new double[contributions.Length];
        double bias = Bias;
        var values = new TreeContributions(features, candidate, sums);
        foreach (RegressionTree tree in Trees)
        {
            bias += values.Add(tree);
        }

        for (int feature = 0; feature < sums.Length; feature++)
        {
            contributions[feature] = (float)sums[feature];
        }

        return (float)bias;
    }
}
