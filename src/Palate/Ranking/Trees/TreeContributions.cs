using System.Numerics;

namespace Palate;

/// <summary>What each feature contributes to one candidate's score: Shapley values of the trees.</summary>
/// <remarks>
/// The value of a set of known features is the tree's mean over what the unknown ones could do, weighed by the training
/// rows that went each way. For leaf-wise trees this is algorithm 2 of Lundberg, Erion and Lee 2018, "Consistent
/// individualized feature attribution for tree ensembles". An oblivious tree of d levels has only 2^d sets, whose
/// values all come out of one pass of d steps over its leaves; the definition is then applied as it stands.
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
    private PathStep[] _path = [];

    public TreeContributions(FeatureMatrix features, int candidate, double[] sums)
    {
        _features = features;
        _candidate = candidate;
        _sums = sums;
    }

    /// <summary>Adds a tree's contributions and returns its mean over the training rows.</summary>
    public double Add(RegressionTree tree) => tree.Levels > 0 ? AddOblivious(tree) : AddLeafWise(tree);

    private bool GoesRight(RegressionTree tree, int node) =>
        tree.GoesRight(node, _features.Data[tree.Features[node] * _features.Stride + _candidate]);

    private double AddOblivious(RegressionTree tree)
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

    private double AddLeafWise(RegressionTree tree)
    {
        int depth = tree.Depth + 2;
        if (_path.Length < depth * (depth + 1) / 2 + depth)
        {
            _path = new PathStep[depth * (depth + 1) / 2 + depth];
        }

        Walk(tree, 0, 0, 0, 0, 1, 1, -1);
        return tree.Mean;
    }

    // The path of the parent is at _path[parent ..], of length known; the own copy comes behind it.
    private void Walk(
        RegressionTree tree, int node, int parent, int start, int known, double zero, double one, int feature)
    {
        if (zero == 0 && one == 0)
        {
            return;
        }

        _path.AsSpan(parent, known).CopyTo(_path.AsSpan(start));
        Span<PathStep> path = _path.AsSpan(start, known + 1);
        Extend(path, known, zero, one, feature);
        if (node < 0)
        {
            double value = tree.Leaves[~node];
            for (int step = 1; step <= known; step++)
            {
                double weight = UnwoundSum(path, known, step);
                _sums[path[step].Feature] += weight * (path[step].One - path[step].Zero) * value;
            }

            return;
        }

        int asked = tree.Features[node];
        double zeroSoFar = 1;
        double oneSoFar = 1;
        int length = known + 1;
        for (int step = 1; step <= known; step++)
        {
            if (path[step].Feature == asked)
            {
                zeroSoFar = path[step].Zero;
                oneSoFar = path[step].One;
                Unwind(path, known, step);
                length--;
                break;
            }
        }

        double left = tree.LeftShare(node);
        bool right = GoesRight(tree, node);
        int next = start + known + 1;
        Walk(tree, tree.Left[node], start, next, length, left * zeroSoFar, right ? 0 : oneSoFar, asked);
        Walk(tree, tree.Right[node], start, next, length, (1 - left) * zeroSoFar, right ? oneSoFar : 0, asked);
    }

    private static void Extend(Span<PathStep> path, int depth, double zero, double one, int feature)
    {
        path[depth] = new PathStep { Feature = feature, Zero = zero, One = one, Weight = depth == 0 ? 1 : 0 };
        for (int i = depth - 1; i >= 0; i--)
        {
            path[i + 1].Weight += one * path[i].Weight * (i + 1) / (depth + 1);
            path[i].Weight = zero * path[i].Weight * (depth - i) / (depth + 1);
        }
    }

    private static void Unwind(Span<PathStep> path, int depth, int step)
    {
        double one = path[step].One;
        double zero = path[step].Zero;
        double next = path[depth].Weight;
        for (int i = depth - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                double old = path[i].Weight;
                path[i].Weight = next * (depth + 1) / ((i + 1) * one);
                next = old - path[i].Weight * zero * (depth - i) / (depth + 1);
            }
            else
            {
                path[i].Weight = path[i].Weight * (depth + 1) / (zero * (depth - i));
            }
        }

        for (int i = step; i < depth; i++)
        {
            path[i] = path[i + 1] with { Weight = path[i].Weight };
        }
    }

    private static double UnwoundSum(Span<PathStep> path, int depth, int step)
    {
        double one = path[step].One;
        double zero = path[step].Zero;
        double next = path[depth].Weight;
        double total = 0;
        for (int i = depth - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                double weight = next * (depth + 1) / ((i + 1) * one);
                total += weight;
                next = path[i].Weight - weight * zero * (depth - i) / (depth + 1);
            }
            else
            {
                total += path[i].Weight * (depth + 1) / (zero * (depth - i));
            }
        }

        return total;
    }

    private struct PathStep
    {
        public int Feature;
        public double Zero;
        public double One;
        public double Weight;
    }
}
