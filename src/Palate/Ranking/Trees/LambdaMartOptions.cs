using System.Globalization;

namespace Palate;

/// <summary>How <see cref="LambdaMart"/> is trained.</summary>
public sealed class LambdaMartOptions
{
    /// <summary>What the trees minimise.</summary>
    /// <value>The default is <see cref="RankingObjective.LambdaRank"/>.</value>
    public RankingObjective Objective { get; set; } = RankingObjective.LambdaRank;

    /// <summary>The most trees: at least 1.</summary>
    /// <value>The default is 300.</value>
    public int Trees { get; set; } = 300;

    /// <summary>What each tree's values are multiplied by: above 0, at most 1.</summary>
    /// <value>The default is 0.03.</value>
    public float LearningRate { get; set; } = 0.03f;

    /// <summary>Training stops after so many trees without a better validation NDCG; 0 trains all trees.</summary>
    /// <value>The default is 30. It needs a validation set.</value>
    public int Patience { get; set; } = 30;

    /// <summary>The places that the validation NDCG looks at: at least 1.</summary>
    /// <value>The default is 10.</value>
    public int ValidationPlaces { get; set; } = 10;

    /// <summary>The seed of the row and column samples.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>How many threads work: at least 1. The model does not depend on it.</summary>
    /// <value>The default is the number of processors.</value>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>How each tree grows.</summary>
    public TreeOptions Tree { get; set; } = new();

    /// <summary>How LambdaRank weighs pairs; the logistic objective has none.</summary>
    public LambdaRankOptions LambdaRank { get; set; } = new();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Trees, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Patience);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationPlaces, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (!(LearningRate > 0 && LearningRate <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(LearningRate), LearningRate, "LearningRate must be above 0 and at most 1.");
        }

        ArgumentNullException.ThrowIfNull(Tree);
        ArgumentNullException.ThrowIfNull(LambdaRank);
        Tree.Validate();
        LambdaRank.Validate();
    }

    /// <summary>What matters for the model, by name: it is written into the model's file.</summary>
    internal SortedDictionary<string, string> Describe()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["objective"] = Objective.ToString(),
            ["trees"] = Text(Trees),
            ["learningRate"] = Text(LearningRate),
            ["patience"] = Text(Patience),
            ["validationPlaces"] = Text(ValidationPlaces),
            ["seed"] = Text(Seed),
            ["maxDepth"] = Text(Tree.MaxDepth),
            ["minChildSamples"] = Text(Tree.MinChildSamples),
            ["minChildHessian"] = Text(Tree.MinChildHessian),
            ["l2"] = Text(Tree.L2),
            ["featureShare"] = Text(Tree.FeatureShare),
            ["rowShare"] = Text(Tree.RowShare),
            ["maxBins"] = Text(Tree.MaxBins),
        };
        if (Objective == RankingObjective.LambdaRank)
        {
            all["truncationLevel"] = Text(LambdaRank.TruncationLevel);
            all["gain"] = LambdaRank.Gain.ToString();
            all["sigmoid"] = Text(LambdaRank.Sigmoid);
            all["normalise"] = LambdaRank.Normalise ? "true" : "false";
        }

        return all;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
