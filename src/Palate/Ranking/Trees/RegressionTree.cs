namespace Palate;

/// <summary>One tree: nodes that ask whether a feature exceeds a threshold, and leaves with a value.</summary>
/// <remarks>
/// Node 0 is the root, children come after their parents. A child that is not negative is a node, otherwise it is the
/// leaf
/// <c>~child</c>. An unknown value goes where <see cref="MissingRight"/> says. Covers count the training rows of each
/// leaf. All nodes of a level ask the same: the node of level l and path p is <c>2^l - 1 + p</c>, and leaf p is reached by path p (0
/// is left).
/// </remarks>
internal sealed partial class RegressionTree
{
    // Computed when somebody first asks for an explanation; two threads at once compute the same.
    private Derived? _facts;

    public required int[] Features { get; init; }

    public required float[] Thresholds { get; init; }

    public required bool[] MissingRight { get; init; }

    public required int[] Left { get; init; }

    public required int[] Right { get; init; }

    public required float[] Leaves { get; init; }

    public required float[] Covers { get; init; }

    /// <summary>The number of levels.</summary>
    public int Levels { get; init; }

    public int Nodes => Features.Length;

    /// <summary>The mean of the training rows' values.</summary>
    public double Mean => Facts.Mean;

    /// <summary>The most splits between the root and a leaf.</summary>
    public int Depth => Facts.Depth;

    private Derived Facts => _facts ??= new Derived(this);

    /// <summary>An oblivious tree of one split per level.</summary>
    public static RegressionTree FromLevels(
        ReadOnlySpan<int> features,
        ReadOnlySpan<float> thresholds,
        ReadOnlySpan<bool> missingRight,
        float[] leaves,
        float[] covers)
    {
        int levels = features.Length;
        int nodes = (1 << levels) - 1;
        var tree = new RegressionTree
        {
            Features = new int[nodes],
            Thresholds = new float[nodes],
            MissingRight = new bool[nodes],
            Left = new int[nodes],
            Right = new int[nodes],
            Leaves = leaves,
            Covers = covers,
            Levels = levels,
        };
        for (int level = 0; level < levels; level++)
        {
            for (int path = 0; path < 1 << level; path++)
            {
                int node = (1 << level) - 1 + path;
                tree.Features[node] = features[level];
                tree.Thresholds[node] = thresholds[level];
                tree.MissingRight[node] = missingRight[level];
                bool last = level == levels - 1;
                tree.Left[node] = last ? ~(2 * path) : 2 * node + 1;
                tree.Right[node] = last ? ~(2 * path + 1) : 2 * node + 2;
            }
        }

        return tree;
    }

    /// <summary>The leaf that a row reaches; feature f of the row is at <c>values[f * stride + row]</c>.</summary>
    public int LeafOf(ReadOnlySpan<float> values, int stride, int row)
    {
        int node = 0;
        while (node >= 0)
        {
            node = GoesRight(node, values[Features[node] * stride + row]) ? Right[node] : Left[node];
        }

        return ~node;
    }

    /// <summary>The share of a node's training rows that went left; a half when it had none.</summary>
    public double LeftShare(int node) => Facts.LeftShares[node];

    public bool GoesRight(int node, float value) =>
        value > Thresholds[node] || (MissingRight[node] && float.IsNaN(value));

    private sealed class Derived
    {
        public Derived(RegressionTree tree)
        {
            double[] covers = new double[tree.Nodes];
            double[] means = new double[tree.Nodes];
            int[] depths = new int[tree.Nodes];
            LeftShares = new double[tree.Nodes];
            for (int node = tree.Nodes - 1; node >= 0; node--)
            {
                int left = tree.Left[node];
                int right = tree.Right[node];
                double leftCover = left >= 0 ? covers[left] : tree.Covers[~left];
                double rightCover = right >= 0 ? covers[right] : tree.Covers[~right];
                covers[node] = leftCover + rightCover;
                double share = covers[node] > 0 ? leftCover / covers[node] : 0.5;
                LeftShares[node] = share;
                means[node] = share * (left >= 0 ? means[left] : tree.Leaves[~left])
                    + (1 - share) * (right >= 0 ? means[right] : tree.Leaves[~right]);
                depths[node] = 1 + Math.Max(left >= 0 ? depths[left] : 0, right >= 0 ? depths[right] : 0);
            }

            Mean = means[0];
            Depth = depths[0];
        }

        public double[] LeftShares { get; }

        public double Mean { get; }

        public int Depth { get; }
    }
}
