using System.Globalization;
using System.Text.Json;

namespace Palate;

/// <summary>Chooses hyper-parameters on a carve-out of the training data; a test split is never looked at.</summary>
/// <remarks>
/// Coordinate search: one parameter at a time, a few values each, the best is kept for the next. Each source is judged
/// alone by the NDCG@10 of its own proposals; then the ranker, on candidates of the tuned sources, by the NDCG@10 of the
/// whole. The carve-out takes up to ten interactions of every user, as the training's own hold-outs do.
/// </remarks>
public sealed class Tuner
{
    private const int Places = 10;
    private const int HeldOutPerUser = 10;

    private static readonly float[] Exponents = [0f, 0.25f, 0.5f, 0.75f];

    private readonly TrainingData _data;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly CancellationToken _stop;
    private readonly List<TuningTrial> _trials = [];
    private readonly TextModels? _texts;
    private readonly (TrainingData Left, int[][] Taken)[] _carves;
    private TrainingOptions _best;

    private Tuner(
        TrainingData data, TrainingOptions start, int carves, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        _data = data;
        _best = start;
        _progress = progress;
        _stop = stop;
        _texts = start.UseTexts ? TextModels.Fit(data.Catalog, start.Sources, start.Seed, stop) : null;
        _carves =
        [
            .. Enumerable.Range(0, carves).Select(carve =>
            {
                // Far from the seeds of the hold-outs of a training with the same seed.
                ulong seed = start.Seed * 7_919 + 0xCA_0000 + (ulong)carve;
                (InteractionMatrix rest, int[][] taken) =
                    HoldOut.Take(data.Matrix, HeldOutPerUser, start.Ranking.HoldOut, seed);
                return (new TrainingData(data.Catalog, data.Users, rest, data.Hash), taken);
            }),
        ];
    }

    /// <summary>Searches from given options on.</summary>
    /// <param name="data">The training data.</param>
    /// <param name="start">Where the search starts; sources without options stay out.</param>
    /// <param name="progress">Is told what is being tried; may be null.</param>
    /// <param name="stop">Ends the search.</param>
    public static TuningReport Tune(
        TrainingData data,
        TrainingOptions start,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(start);
        var tuner = new Tuner(data, start, carves: 2, progress, stop);
        tuner.TuneSources();
        tuner.TuneRanker();
        return new TuningReport(data.Hash, start.Seed, tuner._best, tuner._trials);
    }

    private void TuneSources()
    {
        // Only sources that serve: the others cost as much to tune and change no answer.
        bool dense = _data.Catalog.Count <= _best.Sources.MaxDenseItems;
        bool Serves(string name) => _best.Retrieval.Sources?.Contains(name) ?? true;
        if (_best.Sources.Als is not null && Serves("als"))
        {
            double Judge(TrainingOptions o) => Mean(rest => Als.Fit(rest.Matrix, o.Sources.Als!, _stop));
            Try("als", "regularization", [5f, 10f, 20f, 40f, 80f], (o, v) => o.Sources.Als!.Regularization = v, Judge);
            Try("als", "alpha", [0.5f, 1f, 2f, 4f], (o, v) => o.Sources.Als!.Alpha = v, Judge);
            Try("als", "factors", [32, 64, 128], (o, v) => o.Sources.Als!.Factors = v, Judge);
        }

        if (_best.Sources.Ease is not null && dense && Serves("ease"))
        {
            double Judge(TrainingOptions o) => Mean(rest => Ease.Fit(rest.Matrix, o.Sources.Ease!, null, _stop));
            Try("ease", "regularization", [100f, 200f, 350f, 500f, 700f, 1000f],
                (o, v) => o.Sources.Ease!.Regularization = v, Judge);
            Try("ease", "dropout", [0f, 0.33f, 0.5f, 0.66f], (o, v) => o.Sources.Ease!.Dropout = v, Judge);
            Try("ease", "user_normalization", Exponents, (o, v) => o.Sources.Ease!.UserNormalization = v, Judge);
            Try("ease", "item_normalization", [0f, 0.1f, 0.2f], (o, v) => o.Sources.Ease!.ItemNormalization = v, Judge);
        }

        if (_best.Sources.EaseSide is not null && dense && Serves("ease-side"))
        {
            double Judge(TrainingOptions o) =>
                Mean(rest => Ease.Fit(rest.Matrix, o.Sources.EaseSide!, _texts?.Vectors, _stop));
            Try("ease-side", "session_weight", [0.5f, 1f, 2f], (o, v) => o.Sources.EaseSide!.SessionWeight = v, Judge);
            Try("ease-side", "value_weight", [0f, 0.1f, 0.2f], (o, v) => o.Sources.EaseSide!.ValueWeight = v, Judge);
            Try("ease-side", "text_weight", [0f, 20f, 40f], (o, v) => o.Sources.EaseSide!.TextWeight = v, Judge);
            Try("ease-side", "user_normalization", Exponents,
                (o, v) => o.Sources.EaseSide!.UserNormalization = v, Judge);
            Try("ease-side", "item_normalization", [0f, 0.1f, 0.2f],
                (o, v) => o.Sources.EaseSide!.ItemNormalization = v, Judge);
            Try("ease-side", "dropout", [0f, 0.25f, 0.5f], (o, v) => o.Sources.EaseSide!.Dropout = v, Judge);
            Try("ease-side", "regularization", [350f, 500f, 700f],
                (o, v) => o.Sources.EaseSide!.Regularization = v, Judge);
        }

        if (_best.Sources.Slim is not null && dense && Serves("slim"))
        {
            double Judge(TrainingOptions o) => Mean(rest => Slim.Fit(rest.Matrix, o.Sources.Slim!, _stop));
            Try("slim", "l2", [100f, 300f, 500f], (o, v) => o.Sources.Slim!.L2 = v, Judge);
            Try("slim", "l1", [0.3f, 1f, 3f], (o, v) => o.Sources.Slim!.L1 = v, Judge);
        }

        if (_best.Sources.ItemNeighbours is not null && Serves("item-knn"))
        {
            double Judge(TrainingOptions o) =>
                Mean(rest => ItemNeighbours.Fit(rest.Matrix, o.Sources.ItemNeighbours!, _stop));
            Try("item-knn", "neighbours", [100, 200, 400], (o, v) => o.Sources.ItemNeighbours!.Neighbours = v, Judge);
            Try("item-knn", "shrink", [10f, 50f, 200f], (o, v) => o.Sources.ItemNeighbours!.Shrink = v, Judge);
        }

        if (_best.Sources.UserNeighbours is not null && Serves("user-knn"))
        {
            double Judge(TrainingOptions o) =>
                Mean(rest => UserNeighbours.Fit(rest.Matrix, o.Sources.UserNeighbours!));
            Try("user-knn", "neighbours", [60, 120, 240], (o, v) => o.Sources.UserNeighbours!.Neighbours = v, Judge);
        }
    }

    private void TuneRanker()
    {
        if (_best.Ranking.Ranker == RankerKind.None)
        {
            return;
        }

        // The sources stay as they are from here on, so examples, fitted sources and features are made once per carve.
        RankerCarve[] carves =
        [
            .. _carves.Select(carve =>
            {
                RankingDataset? examples = CrossFit.Examples(carve.Left, _best, _texts, (_, _) => { }, _stop);
                SourceSet sources = SourceSet.FitServing(carve.Left, _best, _texts, _stop);
                var features = FeatureBuilder.Fit(carve.Left, sources.Personal, sources.Texts);
                return new RankerCarve(carve.Left, carve.Taken, examples, sources, features);
            }),
        ];
        if (carves.Any(carve => carve.Examples is null))
        {
            return;
        }

        double Judge(TrainingOptions options) => carves.Average(carve =>
        {
            IRanker ranker = RankerTrainer.Train(carve.Examples!, options.Ranking, _stop);
            return Ndcg(carve.Taken, Ranked(carve, options, ranker));
        });

        Try("ranker", "objective", [RankingObjective.LambdaRank, RankingObjective.Logistic],
            (o, v) => o.Ranking.LambdaMart.Objective = v, Judge);
        Try("ranker", "kind", [RankerKind.LambdaMart, RankerKind.Linear, RankerKind.Average],
            (o, v) => o with { Ranking = o.Ranking with { Ranker = v } }, Judge);
        Try("ranker", "max_depth", [3, 4, 6], (o, v) => o.Ranking.LambdaMart.Tree.MaxDepth = v, Judge);
        Try("ranker", "trees", [150, 300], (o, v) => o.Ranking.LambdaMart.Trees = v, Judge);
        Try("ranker", "learning_rate", [0.03f, 0.05f], (o, v) => o.Ranking.LambdaMart.LearningRate = v, Judge);
        Try("ranker", "feature_share", [0.5f, 1f], (o, v) => o.Ranking.LambdaMart.Tree.FeatureShare = v, Judge);
    }

    /// <summary>Tries the values of one parameter, the present one among them, and keeps the best.</summary>
    private void Try<T>(
        string stage,
        string parameter,
        IReadOnlyList<T> values,
        Action<TrainingOptions, T> set,
        Func<TrainingOptions, double> judge) =>
        Try(
            stage,
            parameter,
            values,
            (options, value) =>
            {
                set(options, value);
                return options;
            },
            judge);

    private void Try<T>(
        string stage,
        string parameter,
        IReadOnlyList<T> values,
        Func<TrainingOptions, T, TrainingOptions> with,
        Func<TrainingOptions, double> judge)
    {
        var tried = new List<(TrainingOptions Options, string Setting, double Ndcg)>();
        foreach (T value in values)
        {
            _stop.ThrowIfCancellationRequested();
            string setting = string.Create(CultureInfo.InvariantCulture, $"{parameter}={value}");
            _progress?.Report(new TrainingProgress(-1, $"{stage} {setting}"));
            TrainingOptions options = with(Copy(_best), value);
            tried.Add((options, setting, judge(options)));
        }

        // A value has to be better than the present one to take its place: ties must not move anything.
        string present = Describe(_best);
        int best = Math.Max(0, tried.FindIndex(trial => Describe(trial.Options) == present));
        for (int trial = 0; trial < tried.Count; trial++)
        {
            best = tried[trial].Ndcg > tried[best].Ndcg ? trial : best;
        }

        _best = tried[best].Options;
        _trials.AddRange(tried.Select((trial, place) =>
            new TuningTrial(stage, trial.Setting, trial.Ndcg, place == best)));
    }

    private double Mean(Func<TrainingData, ICandidateSource> fit) => _carves.Average(carve =>
    {
        ICandidateSource source = fit(carve.Left);
        return Ndcg(carve.Taken, (user, destination) =>
        {
            using var context = RetrievalContext.OfRow(carve.Left.Matrix, user);
            Span<ScoredItem> proposals = stackalloc ScoredItem[Places];
            int count = source.Propose(context, proposals);
            for (int place = 0; place < count; place++)
            {
                destination[place] = proposals[place].Item;
            }

            return count;
        });
    });

    private static RankItems Ranked(RankerCarve carve, TrainingOptions options, IRanker ranker)
    {
        var pipeline = new Pipeline(
            "tuned",
            PipelineBuilder.Personal(carve.Sources, options.Retrieval),
            null,
            null,
            null,
            carve.Features,
            ranker,
            options.Retrieval.QueryWeight);
        return (user, destination) =>
        {
            using var context = RetrievalContext.OfRow(carve.Rest.Matrix, user);
            return pipeline.Rank(context, destination);
        };
    }

    /// <summary>The mean NDCG@10 over the users of whom something was taken; summed in user order.</summary>
    private double Ndcg(int[][] taken, RankItems rank)
    {
        double[] own = new double[taken.Length];
        Parallel.For(0, taken.Length, new ParallelOptions { CancellationToken = _stop }, user =>
        {
            if (taken[user].Length == 0)
            {
                return;
            }

            Span<int> ranked = stackalloc int[Places];
            int count = rank(user, ranked);
            double gained = 0;
            double ideal = 0;
            for (int place = 0; place < Places; place++)
            {
                double discount = 1 / Math.Log2(place + 2);
                ideal += place < taken[user].Length ? discount : 0;
                gained += place < count && Array.BinarySearch(taken[user], ranked[place]) >= 0 ? discount : 0;
            }

            own[user] = gained / ideal;
        });
        return own.Sum() / Math.Max(1, taken.Count(items => items.Length > 0));
    }

    private static TrainingOptions Copy(TrainingOptions options) =>
        JsonSerializer.Deserialize<TrainingOptions>(Describe(options), GenerationJson.Options)!;

    private static string Describe(TrainingOptions options) =>
        JsonSerializer.Serialize(options, GenerationJson.Options);

    private sealed record RankerCarve(
        TrainingData Rest, int[][] Taken, RankingDataset? Examples, SourceSet Sources, FeatureBuilder Features);
}
