namespace Palate;

/// <summary>Grows a tree level by level; all nodes of a level ask the same question.</summary>
/// <remarks>After Prokhorenkova et al. 2018, "CatBoost: unbiased boosting with categorical features", section
/// 4.</remarks>
internal sealed unsafe class ObliviousGrower : TreeGrower
{
    private readonly TreeSplit[] _best;
    private readonly double[][] _scores;
    private readonly AlignedFloats?[] _histograms;
    private readonly int[] _starts;
    private readonly GradientSums[] _sums;
    private readonly float[] _values;

    public ObliviousGrower(BinnedRows data, TreeOptions options, ParallelOptions parallel)
        : base(data, options, parallel)
    {
        int leaves = 1 << options.MaxDepth;
        _best = new TreeSplit[data.Blocks];
        _scores = new double[data.Blocks][];
        for (int block = 0; block < data.Blocks; block++)
        {
            _scores[block] = new double[options.MaxBins];
        }

        _histograms = new AlignedFloats?[leaves];
        _starts = new int[leaves + 1];
        _sums = new GradientSums[leaves];
        _values = new float[leaves];
    }

    protected override RegressionTree? Grow(float learningRate, float[] scores, double[] gains, int[] splits)
    {
        var levels = new List<TreeSplit>();
        _starts[0] = 0;
        _starts[1] = Count;
        while (levels.Count < Options.MaxDepth)
        {
            int nodes = 1 << levels.Count;
            SumNodes(nodes, learningRate, inherit: levels.Count > 0);
            TreeSplit split = FindSplit(levels.Count);
            if (split.Gain <= 0)
            {
                break;
            }

            gains[split.Feature] += split.Gain;
            splits[split.Feature]++;
            int left = Divide(nodes, split);
            levels.Add(split with { Left = new GradientSums(0, 0, left) });
        }

        for (int node = 0; node < _histograms.Length; node++)
        {
            if (_histograms[node] is { } histogram)
            {
                Return(histogram);
                _histograms[node] = null;
            }
        }

        return levels.Count == 0 ? null : Finish(levels, learningRate, scores);
    }

    // A node without rows keeps the value of its nearest ancestor with rows.
    private void SumNodes(int nodes, float learningRate, bool inherit)
    {
        if (inherit)
        {
            for (int node = nodes - 1; node >= 0; node--)
            {
                _values[node] = _values[node / 2];
            }
        }

        void One(int node)
        {
            int count = _starts[node + 1] - _starts[node];
            _sums[node] = Sum(_starts[node], count);
            if (count > 0)
            {
                _values[node] = ValueOf(_sums[node], learningRate);
            }
        }

        Parallel.For(0, nodes, Parallelism, One);
    }

    private TreeSplit FindSplit(int level)
    {
        int nodes = 1 << level;
        if (level == 0)
        {
            _histograms[0] = RentHistogram();
        }
        else
        {
            // The parent's histogram goes to the larger child, which overwrites it; node 2p comes from node p.
            for (int parent = nodes / 2 - 1; parent >= 0; parent--)
            {
                AlignedFloats old = _histograms[parent]!;
                bool leftIsSmall = IsLeftSmall(parent);
                AlignedFloats fresh = RentHistogram();
                _histograms[2 * parent] = leftIsSmall ? fresh : old;
                _histograms[2 * parent + 1] = leftIsSmall ? old : fresh;
            }
        }

        ForEachBlock(Count, block =>
        {
            if (level == 0)
            {
                Build(_histograms[0]!, block, 0, Count);
            }

            for (int parent = 0; level > 0 && parent < nodes / 2; parent++)
            {
                int small = 2 * parent + (IsLeftSmall(parent) ? 0 : 1);
                Build(_histograms[small]!, block, _starts[small], _starts[small + 1] - _starts[small]);
                Subtract(_histograms[small ^ 1]!, _histograms[small]!, block);
            }

            _best[block] = Best(nodes, block);
        });
        TreeSplit best = default;
        foreach (TreeSplit split in _best)
        {
            if (split.Gain > best.Gain)
            {
                best = split;
            }
        }

        return best;
    }

    private bool IsLeftSmall(int parent) =>
        _starts[2 * parent + 1] - _starts[2 * parent] <= _starts[2 * parent + 2] - _starts[2 * parent + 1];

    private TreeSplit Best(int nodes, int block)
    {
        TreeSplit best = default;
        double before = 0;
        for (int node = 0; node < nodes; node++)
        {
            before += ScoreOf(_sums[node]);
        }

        int first = block * BinnedRows.BlockWidth;
        for (int feature = first; feature < first + Data.Width(block); feature++)
        {
            if (!Allowed[feature])
            {
                continue;
            }

            Scan(nodes, feature, before, _scores[block], missingRight: false, ref best);
            if (Data.Bins.HasMissing(feature))
            {
                Scan(nodes, feature, before, _scores[block], missingRight: true, ref best);
            }
        }

        return best;
    }

    private void Scan(
        int nodes, int feature, double before, double[] scores, bool missingRight, ref TreeSplit best)
    {
        int count = Data.Bins.Count(feature);
        int from = missingRight ? 1 : 0;
        Span<double> gains = scores.AsSpan(0, count);
        gains.Clear();
        for (int node = 0; node < nodes; node++)
        {
            AddGains(_sums[node], _histograms[node]!.Pointer + FeatureStart(feature), from, gains);
        }

        double floor = Math.Max(best.Gain, MinGain);
        for (int bin = from; bin < count - 1; bin++)
        {
            if (gains[bin] > floor)
            {
                floor = gains[bin];
                best = new TreeSplit(floor, feature, bin, missingRight, default);
            }
        }
    }

    // A node gains nothing from a split that leaves too little on one side of it.
    private void AddGains(GradientSums all, float* bins, int from, Span<double> gains)
    {
        if (all.Count < 2 * Options.MinChildSamples)
        {
            return;
        }

        double l2 = L2;
        double minHessian = Options.MinChildHessian;
        double minCount = Options.MinChildSamples;
        double before = ScoreOf(all);
        double g = 0;
        double h = 0;
        double n = 0;
        for (int bin = from; bin < gains.Length - 1; bin++)
        {
            float* sums = bins + bin * GradientHistogram.Lanes;
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
            gains[bin] += (g * g * (otherH + l2) + otherG * otherG * (h + l2)) / ((h + l2) * (otherH + l2)) - before;
        }
    }

    // Returns how many rows of all nodes go left.
    private int Divide(int nodes, TreeSplit split)
    {
        int[] lefts = new int[nodes];
        if (nodes < 4)
        {
            for (int node = 0; node < nodes; node++)
            {
                lefts[node] = Partition(_starts[node], _starts[node + 1] - _starts[node], split, share: true);
            }
        }
        else
        {
            Parallel.For(0, nodes, Parallelism, node =>
                lefts[node] = Partition(_starts[node], _starts[node + 1] - _starts[node], split, share: false));
        }

        for (int node = nodes - 1; node >= 0; node--)
        {
            _starts[2 * node + 2] = _starts[node + 1];
            _starts[2 * node + 1] = _starts[node] + lefts[node];
            _starts[2 * node] = _starts[node];
        }

        return lefts.Sum();
    }

    private RegressionTree Finish(List<TreeSplit> levels, float learningRate, float[] scores)
    {
        int leaves = 1 << levels.Count;
        if (levels.Count == Options.MaxDepth)
        {
            SumNodes(leaves, learningRate, inherit: true);
        }

        float[] covers = new float[leaves];
        Parallel.For(0, leaves, Parallelism, leaf =>
        {
            covers[leaf] = _starts[leaf + 1] - _starts[leaf];
            AddToScores(_starts[leaf], _starts[leaf + 1] - _starts[leaf], _values[leaf], scores);
        });
        return RegressionTree.FromLevels(
            [.. levels.Select(split => split.Feature)],
            [.. levels.Select(split => Data.Bins.Threshold(split.Feature, split.Bin))],
            [.. levels.Select(MissingRight)],
            _values.AsSpan(0, leaves).ToArray(),
            covers);
    }

    // A value that was never unknown in training goes with the majority when it is unknown later.
    private bool MissingRight(TreeSplit split)
    {
        if (Data.Bins.HasMissing(split.Feature))
        {
            return split.MissingRight;
        }

        return Count - split.Left.Count > split.Left.Count;
    }
}
