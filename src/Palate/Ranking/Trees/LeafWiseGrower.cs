namespace Palate;

/// <summary>Grows a tree by splitting, again and again, the leaf that gains most.</summary>
internal sealed unsafe class LeafWiseGrower : TreeGrower
{
    private readonly TreeSplit[] _bestLeft;
    private readonly TreeSplit[] _bestRight;
    private readonly List<Leaf> _leaves = [];

    public LeafWiseGrower(BinnedRows data, TreeOptions options, ParallelOptions parallel)
        : base(data, options, parallel)
    {
        _bestLeft = new TreeSplit[data.Blocks];
        _bestRight = new TreeSplit[data.Blocks];
    }

    protected override RegressionTree? Grow(float learningRate, float[] scores, double[] gains, int[] splits)
    {
        _leaves.Clear();
        var nodes = new List<(TreeSplit Split, int Left, int Right, bool MissingRight)>();
        Leaf root = new() { Start = 0, Count = Count, Sums = Sum(0, Count), Parent = -1 };
        _leaves.Add(root);
        if (CanSplit(root))
        {
            root.Histogram = RentHistogram();
            ForEachBlock(Count, block =>
            {
                Build(root.Histogram, block, 0, Count);
                _bestLeft[block] = Best(root, block);
            });
            Settle(root, _bestLeft);
        }

        while (_leaves.Count < Options.MaxLeaves && BestLeaf() is { } number)
        {
            Leaf leaf = _leaves[number];
            TreeSplit split = leaf.Best;
            gains[split.Feature] += split.Gain;
            splits[split.Feature]++;
            int left = Partition(leaf.Start, leaf.Count, split, share: true);
            Leaf other = new()
            {
                Start = leaf.Start + left,
                Count = leaf.Count - left,
                Sums = leaf.Sums - split.Left,
                Depth = leaf.Depth + 1,
                Parent = nodes.Count,
                IsRight = true,
            };

            // A value that was never unknown in training goes with the majority when it is unknown later.
            bool missingRight = Data.Bins.HasMissing(split.Feature) ? split.MissingRight : other.Count > left;
            nodes.Add((split, ~number, ~_leaves.Count, missingRight));
            if (leaf.Parent >= 0)
            {
                var parent = nodes[leaf.Parent];
                nodes[leaf.Parent] = leaf.IsRight
                    ? parent with { Right = nodes.Count - 1 }
                    : parent with { Left = nodes.Count - 1 };
            }

            leaf.Count = left;
            leaf.Sums = split.Left;
            leaf.Depth++;
            leaf.Parent = nodes.Count - 1;
            leaf.IsRight = false;
            leaf.Best = default;
            _leaves.Add(other);
            Prepare(leaf, other);
        }

        foreach (Leaf leaf in _leaves)
        {
            Release(leaf);
        }

        return nodes.Count == 0 ? null : Finish(nodes, learningRate, scores);
    }

    private bool CanSplit(Leaf leaf) =>
        leaf.Depth < Options.MaxDepth && leaf.Count >= 2 * Options.MinChildSamples;

    private int? BestLeaf()
    {
        int? best = null;
        for (int number = 0; number < _leaves.Count; number++)
        {
            if (_leaves[number].Best.Gain > (best is null ? 0 : _leaves[best.Value].Best.Gain))
            {
                best = number;
            }
        }

        return best;
    }

    // The left child has the parent's histogram: it becomes the larger child's, and a new one the smaller child's.
    private void Prepare(Leaf left, Leaf right)
    {
        if (_leaves.Count == Options.MaxLeaves || (!CanSplit(left) && !CanSplit(right)))
        {
            Release(left);
            return;
        }

        AlignedFloats parent = left.Histogram!;
        Leaf small = left.Count <= right.Count ? left : right;
        Leaf large = left.Count <= right.Count ? right : left;
        small.Histogram = RentHistogram();
        large.Histogram = parent;
        ForEachBlock(small.Count + Data.Bins.Count(0), block =>
        {
            Build(small.Histogram, block, small.Start, small.Count);
            Subtract(parent, small.Histogram, block);
            _bestLeft[block] = CanSplit(left) ? Best(left, block) : default;
            _bestRight[block] = CanSplit(right) ? Best(right, block) : default;
        });
        Settle(left, _bestLeft);
        Settle(right, _bestRight);
    }

    private void Settle(Leaf leaf, TreeSplit[] blocks)
    {
        leaf.Best = default;
        foreach (TreeSplit split in blocks)
        {
            if (split.Gain > leaf.Best.Gain)
            {
                leaf.Best = split;
            }
        }

        if (leaf.Best.Gain <= 0)
        {
            Release(leaf);
        }
    }

    private void Release(Leaf leaf)
    {
        if (leaf.Histogram is not null)
        {
            Return(leaf.Histogram);
            leaf.Histogram = null;
        }
    }

    private TreeSplit Best(Leaf leaf, int block)
    {
        TreeSplit best = default;
        int first = block * BinnedRows.BlockWidth;
        for (int feature = first; feature < first + Data.Width(block); feature++)
        {
            if (!Allowed[feature])
            {
                continue;
            }

            float* bins = leaf.Histogram!.Pointer + FeatureStart(feature);
            int count = Data.Bins.Count(feature);
            Scan(leaf.Sums, feature, bins, count, missingRight: false, ref best);
            if (Data.Bins.HasMissing(feature))
            {
                Scan(leaf.Sums, feature, bins, count, missingRight: true, ref best);
            }
        }

        return best;
    }

    private void Scan(GradientSums all, int feature, float* bins, int count, bool missingRight, ref TreeSplit best)
    {
        double l2 = L2;
        double minHessian = Options.MinChildHessian;
        double minCount = Options.MinChildSamples;
        double g = 0;
        double h = 0;
        double n = 0;
        double floor = ScoreOf(all) + Math.Max(best.Gain, MinGain);
        for (int bin = missingRight ? 1 : 0; bin < count - 1; bin++)
        {
            float* sums = bins + bin * GradientHistogram.Lanes;
            if (sums[2] == 0)
            {
                continue;
            }

            g += sums[0];
            h += sums[1];
            n += sums[2];
            double otherH = all.Hessian - h;
            double otherN = all.Count - n;
            if (otherN < minCount || otherH < minHessian)
            {
                break;
            }

            if (n < minCount || h < minHessian)
            {
                continue;
            }

            double otherG = all.Gradient - g;
            double score = (g * g * (otherH + l2) + otherG * otherG * (h + l2)) / ((h + l2) * (otherH + l2));
            if (score > floor)
            {
                best = new TreeSplit(
                    score - ScoreOf(all), feature, bin, missingRight, new GradientSums(g, h, n));
                floor = score;
            }
        }
    }

    private RegressionTree Finish(
        List<(TreeSplit Split, int Left, int Right, bool MissingRight)> nodes, float learningRate, float[] scores)
    {
        float[] values = new float[_leaves.Count];
        float[] covers = new float[_leaves.Count];
        Parallel.For(0, _leaves.Count, Parallelism, number =>
        {
            Leaf leaf = _leaves[number];
            values[number] = ValueOf(Sum(leaf.Start, leaf.Count), learningRate);
            covers[number] = leaf.Count;
            AddToScores(leaf.Start, leaf.Count, values[number], scores);
        });
        return new RegressionTree
        {
            Features = [.. nodes.Select(node => node.Split.Feature)],
            Thresholds = [.. nodes.Select(node => Data.Bins.Threshold(node.Split.Feature, node.Split.Bin))],
            MissingRight = [.. nodes.Select(node => node.MissingRight)],
            Left = [.. nodes.Select(node => node.Left)],
            Right = [.. nodes.Select(node => node.Right)],
            Leaves = values,
            Covers = covers,
        };
    }

    private sealed class Leaf
    {
        public int Start { get; set; }

        public int Count { get; set; }

        public int Depth { get; set; }

        public GradientSums Sums { get; set; }

        public TreeSplit Best { get; set; }

        public AlignedFloats? Histogram { get; set; }

        public int Parent { get; set; }

        public bool IsRight { get; set; }
    }
}
