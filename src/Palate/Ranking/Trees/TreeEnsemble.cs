namespace Palate;

/// <summary>Trees whose values add up to a score, together with a bias.</summary>
internal sealed class TreeEnsemble
{
    private readonly ByteTrees? _compiled;

    public TreeEnsemble(float bias, RegressionTree[] trees)
    {
        Bias = bias;
        Trees = trees;
        _compiled = ByteTrees.TryCompile(bias, trees);
    }

    public float Bias { get; }

    public RegressionTree[] Trees { get; }

    public void Score(FeatureMatrix features, Span<float> scores) => Score(features, scores, ByteTrees.Best);

    /// <summary>Scores with one kernel; all give the same bits.</summary>
    public void Score(FeatureMatrix features, Span<float> scores, TreeKernel kernel)
    {
        if (_compiled is not null && kernel != TreeKernel.Scalar)
        {
            _compiled.Score(features, scores, kernel);
            return;
        }

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
