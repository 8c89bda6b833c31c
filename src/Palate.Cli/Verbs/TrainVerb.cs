using System.CommandLine;
using System.Globalization;
using Palate.Hosting;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate train</c>: makes a generation out of what was imported and publishes it.</summary>
internal sealed class TrainVerb : Verb
{
    private const int MostQueries = 600;

    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "The seed of everything random; the same data and seed give the same generation.",
        HelpName = "N",
    };

    private readonly Option<bool> _tune = new("--tune")
    {
        Description = "Choose the hyper-parameters first, on a carve-out of the data, and keep them in palate.yaml.",
    };

    private readonly Option<string> _without = new("--without")
    {
        Description = "A split whose held-out interactions the training must not see, for example ua.",
        HelpName = "SPLIT",
    };

    private readonly Option<int?> _trust = new("--trust")
    {
        Description = "Also learn what the models of the pipelines are worth, by asking them about N users with held-out feedback.",
        HelpName = "N",
    };

    private readonly Option<bool> _distil = new("--distil")
    {
        Description = "Teach each pipeline a student from its model's judgments, those of served requests and of --trust; "
            + "it stands in when the model cannot answer.",
    };

    private readonly Option<string?> _queries = GradedQueries.Option(
        "With --trust, also learn from queries with known grades: a file's, or the demo world's. Half of them only report.");

    public TrainVerb(CommonOptions common)
        : base("train", "Train a generation on the imported data and make it the one that answers.", common)
    {
        Add(_seed);
        Add(_tune);
        Add(_without);
        Add(_trust);
        Add(_distil);
        Add(_queries);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.FindHome(arguments);
        int? users = arguments.GetValue(_trust);
        bool isDistilling = arguments.GetValue(_distil);
        Check(users, arguments.GetResult(_queries) is not null);
        if (users is not null || isDistilling)
        {
            // What a pipeline cannot run with shows here, and not after a training.
            HomePipelines.Open(home, TimeProvider.System, ToolProviders.All).Dispose();
        }

        TrainingData? known = users is null ? null : Known(home, arguments.GetValue(_without));
        IReadOnlyList<GradedRequest> queries = known is null
            ? []
            : GradedQueries.Of(arguments, _queries, known.Catalog, MostQueries, output) ?? [];
        var wish = new Wish(arguments.GetValue(_seed), arguments.GetValue(_tune), arguments.GetValue(_without));
        Training done = Train(home, wish, output, stop);
        if (users is { } count)
        {
            done = done with { Trust = await TeachAsync(home, known!, wish, (count, queries), isDistilling, output, stop) };
        }
        else if (isDistilling)
        {
            using IDisposable alone = HomeLock.Take(home);
            done = done with
            {
                Students = output.WithProgress("Teaching students", report =>
                {
                    report(-1, "students");
                    return StudentTrainer.TeachAll(home, ToolProviders.All, stop);
                }),
            };
        }

        output.Result(done, console => Show(console, done));
        return ExitCode.Ok;
    }

    private static void Check(int? users, bool isQuerying)
    {
        if (users < 1)
        {
            throw new CommandException(ExitCode.Usage, new Failure(
                "usage", string.Create(CultureInfo.InvariantCulture, $"--trust is {users}."), "Give 1 or more; a few hundred tell something."));
        }

        if (isQuerying && users is null)
        {
            throw new CommandException(ExitCode.Usage, new Failure(
                "usage", "--queries is for --trust, which is not given.", "Add --trust N, for example 300."));
        }
    }

    private static async Task<IReadOnlyList<TrustReport>> TeachAsync(
        Home home,
        TrainingData data,
        Wish wish,
        (int Users, IReadOnlyList<GradedRequest> Queries) asked,
        bool isDistilling,
        CommandOutput output,
        CancellationToken stop)
    {
        using IDisposable alone = HomeLock.Take(home);
        return await output.WithProgressAsync("Learning trust", report =>
        {
            TrainingOptions options = HomeConfiguration.Read(home).Training;
            options = wish.Seed is { } seed ? options with { Seed = seed } : options;
            return TrustTrainer.TeachAsync(
                home, ToolProviders.All, data, options, asked.Users, asked.Queries, isDistilling, report, stop);
        });
    }

    /// <summary>Trains and publishes, alone in the home.</summary>
    internal static Training Train(Home home, Wish wish, CommandOutput output, CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        using IDisposable alone = HomeLock.Take(home);
        return output.WithProgress("Training", report =>
        {
            var relay = new TrainingRelay(report);
            report(-1, "reading");
            TrainingOptions options = HomeConfiguration.Read(home).Training;
            options = wish.Seed is { } seed ? options with { Seed = seed } : options;
            using SqliteStore store = home.OpenStore();
            TrainingData data = Load(store, wish.Without, home);
            TuningReport? tuning = wish.IsTuned ? Tuner.Tune(data, options, relay, stop) : null;
            if (tuning is not null)
            {
                options = tuning.Options;
                HomeConfiguration.WriteTraining(home, options);
            }

            Generation generation = Trainer.Train(data, options, time, relay, stop);
            report(-1, "publishing");
            string name = new GenerationStore(home.GenerationsFolder).Publish(generation);
            return new Training(
                name,
                data.Hash,
                data.Catalog.Count,
                data.Users.Count,
                data.Matrix.Count,
                options.Seed,
                time.GetElapsedTime(start).TotalSeconds,
                generation.Manifest.Metrics,
                tuning?.Trials);
        });
    }

    // What trust is learned on; read before the training, so that what cannot be read shows before it.
    private static TrainingData Known(Home home, string? without)
    {
        using SqliteStore store = home.OpenStore();
        return Load(store, without, home);
    }

    private static TrainingData Load(SqliteStore store, string? without, Home home)
    {
        Dataset all = store.Load(without is null ? null : HeldOutSet.Find(store, without));
        return all.Events.Count > 0
            ? all.ToTrainingData()
            : throw new CommandException(ExitCode.BadInput, new Failure(
                "nothing_to_train_on",
                $"The home {home.Path} has {all.Catalog.Count} items, {all.Users.Count} users and no interaction.",
                "Run 'palate import' or 'palate demo' first."));
    }

    private static void Show(IAnsiConsole console, Training done)
    {
        if (done.Trials is { } trials)
        {
            console.Write(Trials(trials));
        }

        console.WriteLine($"Generation {done.Generation} is trained and answers from now on.");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done.Items:N0} items, {done.Users:N0} users, {done.Interactions:N0} interactions, "
            + $"{done.Seconds:N1} s."));
        if (done.Trust is { } lessons)
        {
            TrustTable.Show(console, lessons);
        }

        foreach (StudentTrainer.Report lesson in done.Students ?? [])
        {
            TrustTable.Show(console, lesson);
        }
    }

    private static Table Trials(IReadOnlyList<TuningTrial> trials)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("stage")
            .AddColumn("setting")
            .AddColumn(new TableColumn("ndcg@10").RightAligned())
            .AddColumn("kept");
        foreach (TuningTrial trial in trials)
        {
            table.AddRow(
                TerminalText.Of(trial.Stage),
                TerminalText.Of(trial.Setting),
                TerminalText.Of(trial.Ndcg.ToString("F4", CultureInfo.InvariantCulture)),
                TerminalText.Of(trial.Chosen ? "yes" : ""));
        }

        return table;
    }

    /// <summary>What is wished of a training beyond the home's settings.</summary>
    /// <param name="Seed">The seed; null for the one of the settings.</param>
    /// <param name="IsTuned">Whether to choose hyper-parameters first.</param>
    /// <param name="Without">The split that must not be seen; null for none.</param>
    internal sealed record Wish(ulong? Seed = null, bool IsTuned = false, string? Without = null);

    /// <summary>What a training made.</summary>
    internal sealed record Training(
        string Generation,
        string DataHash,
        int Items,
        int Users,
        int Interactions,
        ulong Seed,
        double Seconds,
        IReadOnlyDictionary<string, double> Metrics,
        IReadOnlyList<TuningTrial>? Trials)
    {
        /// <summary>What was learned of the models; null when nothing was asked for.</summary>
        public IReadOnlyList<TrustReport>? Trust { get; init; }

        /// <summary>What became of the students that served requests alone taught; null when nothing was asked for.</summary>
        public IReadOnlyList<StudentTrainer.Report>? Students { get; init; }
    }
}
