namespace Palate;

/// <summary>Boosting: each tree corrects the scores that the trees before it give.</summary>
internal sealed class LambdaMartTrainer
{
    private readonly RankingDataset _training;
    private readonly RankingDataset? _validation;
    private readonly LambdaMartOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly SeededRandom _random;
    private readonly List<RegressionTree> _trees = [];

    public LambdaMartTrainer(
        RankingDataset training, RankingDataset? validation, LambdaMartOptions options, CancellationToken stop)
    {
        _training = training;
        _validation = validation;
        _options = options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop };
        _random = new SeededRandom(options.Seed);
    }

    public LambdaMart Train()
    {
        TreeOptions tree = _options.Tree;
        var bins = FeatureBins.Of(_training, tree.MaxBins, _options.Seed, _parallel);
        var rows = new BinnedRows(_training, bins, _parallel);
        var objective = BoostingObjective.Of(
            _options.Objective, _training, _options.LambdaRank, _parallel);
        var grower = new ObliviousGrower(rows, tree, _parallel);
        float[] scores = new float[_training.Rows];
        Array.Fill(scores, objective.Bias);
        float[] gradients = new float[2 * _training.Rows];
        double[] gains = new double[_training.Features];
        int[] splits = new int[_training.Features];
        var early = new EarlyStop(this, objective.Bias);

        // Importance counts the trees that are kept: what later trees added is taken back with them.
        double[] keptGains = gains;
        int[] keptSplits = splits;
        for (int round = 0; round < _options.Trees; round++)
        {
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            objective.Write(scores, gradients);
            int[]? sample = SampleRows();
            RegressionTree? grown =
                grower.Grow(gradients, sample, SampleFeatures(), _options.LearningRate, scores, gains, splits);
            if (grown is null)
            {
                if (tree.RowShare == 1 && tree.FeatureShare == 1)
                {
                    break;
                }

                continue;
            }

            _trees.Add(grown);
            if (sample is not null)
            {
                AddToOthers(grown, sample, scores);
            }

            if (early.Improves(grown))
            {
                keptGains = [.. gains];
                keptSplits = [.. splits];
            }
            else if (early.IsOver)
            {
                break;
            }
        }

        if (early.Watches)
        {
            _trees.RemoveRange(early.Best, _trees.Count - early.Best);
        }
        else
        {
            keptGains = gains;
            keptSplits = splits;
        }

        return new LambdaMart(
            [.. _training.FeatureNames],
            objective.Bias,
            [.. _trees],
            keptGains,
            keptSplits,
            _options.Describe(),
            early.BestNdcg);
    }

    private int[]? SampleRows()
    {
        float share = _options.Tree.RowShare;
        if (share == 1)
        {
            return null;
        }

        var sample = new List<int>((int)(_training.Rows * share) + 1);
        for (int row = 0; row < _training.Rows; row++)
        {
            if (_random.NextDouble() < share)
            {
                sample.Add(row);
            }
        }

        return [.. sample];
    }

    private bool[] SampleFeatures()
    {
        bool[] allowed = new bool[_training.Features];
        float share = _options.Tree.FeatureShare;
        if (share == 1)
        {
            Array.Fill(allowed, true);
            return allowed;
        }

        int[] order = [.. Enumerable.Range(0, allowed.Length)];
        _random.Shuffle<int>(order);
        foreach (int feature in order.AsSpan(0, Math.Max(1, (int)Math.Round(share * allowed.Length))))
        {
            allowed[feature] = true;
        }

        return allowed;
    }

    // The rows that the tree did not see.
    private void AddToOthers(RegressionTree tree, int[] sample, float[] scores)
    {
        int next = 0;
        for (int row = 0; row < scores.Length; row++)
        {
            if (next < sample.Length && sample[next] == row)
            {
                next++;
            }
            else
            {
                scores[row] += tree.Leaves[tree.LeafOf(_training.Values, _training.Rows, row)];
            }
        }
    }

    /// <summary>Watches the validation NDCG, which improves seldom after the trees have learned what there
    /// is.</summary>
    private sealed class EarlyStop
    {
        private const int Piece = 1 << 12;
        private readonly LambdaMartTrainer _trainer;
        private readonly float[] _scores = [];

        public EarlyStop(LambdaMartTrainer trainer, float bias)
        {
            _trainer = trainer;
            Watches = trainer._validation is not null && trainer._options.Patience > 0;
            if (Watches)
            {
                _scores = new float[trainer._validation!.Rows];
                Array.Fill(_scores, bias);
            }
        }

        public bool Watches { get; }

        /// <summary>How many trees had the best NDCG.</summary>
        public int Best { get; private set; }

        public double BestNdcg { get; private set; } = double.NaN;

        public bool IsOver => Watches && _trainer._trees.Count - Best >= _trainer._options.Patience;

        public bool Improves(RegressionTree tree)
        {
            if (!Watches)
            {
                return false;
            }

            RankingDataset data = _trainer._validation!;
            Parallel.For(0, (data.Rows + Piece - 1) / Piece, _trainer._parallel, piece =>
            {
                for (int row = piece * Piece; row < Math.Min((piece + 1) * Piece, data.Rows); row++)
                {
                    _scores[row] += tree.Leaves[tree.LeafOf(data.Values, data.Rows, row)];
                }
            });
            double ndcg = GroupNdcg.Mean(
                data,
                _scores,
                _trainer._options.ValidationPlaces,
                _trainer._options.LambdaRank.Gain,
                _trainer._parallel);
            if (!double.IsNaN(BestNdcg) && !(ndcg > BestNdcg))
            {
                return false;
            }

            Best = _trainer._trees.Count;
            BestNdcg = ndcg;
            return true;
        }
    }
}
