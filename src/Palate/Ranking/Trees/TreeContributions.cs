using System.Numerics;

namespace Palate;

/// <summary>What each feature contributes to one candidate's score: Shapley values of the trees.</summary>
/// <remarks>
/// The value of a set of known features is the tree's mean over what the unknown ones could do, weighed by the training
/// rows that went each way (Lundberg, Erion and Lee 2018, "Consistent individualized feature attribution for tree
/// ensembles"). An oblivious tree of d levels has only 2^d sets, whose values all come out of one pass of d steps over
/// its leaves; the definition is then applied as it stands.
/// Not thread-safe: one object per explanation.
/// </remarks>
internal sealed class TreeContributions
{
    private readonly FeatureMatrix _features;
    private readonly int _candidate;
    private readonly double[] _sums;
    private readonly double[] _values = new double[RegressionTree.MaxLeaves];
    private readonly int[] _playerFeatures = new int[8];
    private readonly int[] _playerMasks = new int[8];

    public TreeContributions(FeatureMatrix features, int candidate, double[] sums)
    {
        _features = features;
        _candidate = candidate;
        _sums = sums;
    }

    /// <summary>Adds a tree's contributions and returns its mean over the training rows.</summary>
    public double Add(RegressionTree tree)
    {
        int levels = tree.Levels;
        int sets = 1 << levels;
        double[] values = _values;
        for (int leaf = 0; leaf < sets; leaf++)
        {
            values[leaf] = tree.Leaves[leaf];
        }

        // From the last level to the first, each pair of subtrees (left, right) becomes (mean of both, the one that the
        // candidate takes). In the end values[m] is the tree's value when exactly the levels of the bits of m are
        // known; level l is bit levels - 1 - l.
        int players = 0;
        for (int level = levels - 1; level >= 0; level--)
        {
            int first = (1 << level) - 1;
            bool right = GoesRight(tree, first);
            int half = 1 << (levels - 1 - level);
            for (int path = 0; path < 1 << level; path++)
            {
                double share = tree.LeftShare(first + path);
                int from = path * 2 * half;
                for (int place = from; place < from + half; place++)
                {
                    double a = values[place];
                    double b = values[place + half];
                    values[place] = share * a + (1 - share) * b;
                    values[place + half] = right ? b : a;
                }
            }

            int player = _playerFeatures.AsSpan(0, players).IndexOf(tree.Features[first]);
            if (player < 0)
            {
                player = players++;
                _playerFeatures[player] = tree.Features[first];
                _playerMasks[player] = 0;
            }

            _playerMasks[player] |= half;
        }

        Span<int> masks = stackalloc int[1 << players];
        for (int set = 1; set < masks.Length; set++)
        {
            int lowest = BitOperations.TrailingZeroCount(set);
            masks[set] = masks[set & (set - 1)] | _playerMasks[lowest];
        }

        // phi_i = sum over S without i of |S|! (p - |S| - 1)! / p! (v(S + i) - v(S)).
        Span<double> weights = stackalloc double[players];
        weights[0] = 1.0 / players;
        for (int size = 1; size < players; size++)
        {
            weights[size] = weights[size - 1] * size / (players - size);
        }

        for (int player = 0; player < players; player++)
        {
            double sum = 0;
            for (int set = 0; set < masks.Length; set++)
            {
                if ((set >> player & 1) == 0)
                {
                    sum += weights[BitOperations.PopCount((uint)set)]
                        * (values[masks[set | 1 << player]] - values[masks[set]]);
                }
            }

            _sums[_playerFeatures[player]] += sum;
        }

        return values[0];
    }

    private bool GoesRight(RegressionTree tree, int node) =>
        tree.GoesRight(node, _features.Data[tree.Features[node] * _features.Stride + _candidate]);
}
