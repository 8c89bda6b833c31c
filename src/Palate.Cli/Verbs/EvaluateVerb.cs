using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Palate.Hosting;
using Palate.Storage;

namespace Palate.Cli;

/// <summary><c>palate evaluate</c>: measures the stages by what was held out.</summary>
internal sealed class EvaluateVerb : Verb
{
    private const string Random = "random";
    private const string LeaveOneOut = "leave-one-out";
    private const string Temporal = "temporal";
    private const string AllPipelines = "all";
    private const string Texts = "texts";

    private readonly Option<string> _split = new("--split")
    {
        Description = "A held-out set that was imported, for example ua.",
        HelpName = "NAME",
    };

    private readonly Option<string> _protocol = new("--protocol")
    {
        Description = $"Hold out from the imported interactions instead: {Random}, {LeaveOneOut} or {Temporal}.",
        HelpName = "HOW",
    };

    private readonly Option<double> _share = new("--share")
    {
        Description = $"The share that {Random} and {Temporal} hold out.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.2,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "The seed of the split, of a training that is needed, and of the bootstrap.",
        HelpName = "N",
        DefaultValueFactory = _ => new TrainingOptions().Seed,
    };

    private readonly Option<string[]> _pipelines = new ListOption(
        "--pipelines",
        "A,B",
        $"The stages to measure, with commas between; '{AllPipelines}' is every source alone, then the whole.",
        [AllPipelines]);

    private readonly Option<string[]> _metrics = new ListOption(
        "--metrics",
        "A,B",
        "The metrics, with commas between, for example ndcg@10,recall@20.",
        [.. new EvaluatorOptions().Metrics]);

    private readonly Option<string> _ablate = new("--ablate")
    {
        Description = $"Train once more without it and measure that, too: {Texts}.",
        HelpName = "WHAT",
    };

    private readonly Option<string> _html = new("--html")
    {
        Description = "Write the report as one self-contained page, too.",
        HelpName = "FILE",
    };

    private readonly Option<float> _relevantFrom = new("--relevant-from")
    {
        Description = "The least held-out value that counts as relevant; 0 for every one.",
        HelpName = "VALUE",
    };

    public EvaluateVerb(CommonOptions common)
        : base("evaluate", "Measure the stages on the full catalog by what was held out.", common)
    {
        _protocol.AcceptOnlyFromAmong(Random, LeaveOneOut, Temporal);
        Add(new MovedVerb("notebook", "dotnet run --project bench/Palate.Benchmarks -c Release -- notebook"));
        Add(_split);
        Add(_protocol);
        Add(_share);
        Add(_seed);
        Add(_pipelines);
        Add(_metrics);
        Add(_relevantFrom);
        _ablate.AcceptOnlyFromAmong(Texts);
        Add(_ablate);
        Add(_html);
        Add(new MovedVerb("graph", "dotnet run --project bench/Palate.Benchmarks -c Release -- graph"));
        Validators.Add(result =>
        {
            if (result.GetResult(_split) is null == result.GetResult(_protocol) is null)
            {
                result.AddError("Give either --split NAME or --protocol HOW.");
            }
        });
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.FindHome(arguments);
        ulong seed = arguments.GetValue(_seed);
        EvaluationReport report = output.WithProgress("Evaluating", tell =>
        {
            tell(-1, "reading");
            (TrainingData data, Split split) = Divide(home, arguments, seed);
            (Generation generation, string trained) = Model(home, data, seed, tell, stop);
            tell(-1, "ranking");
            var options = new EvaluatorOptions
            {
                Title = $"{trained}, {split.HeldOut.Count.ToString("N0", CultureInfo.InvariantCulture)} held out",
                Generation = generation.Name,
                Metrics = arguments.GetValue(_metrics)!,
                RelevantFrom = arguments.GetValue(_relevantFrom),
                Seed = seed,
            };
            List<EvaluationStage> stages =
                [.. GenerationStages.Of(generation, Pipelines(generation, arguments.GetValue(_pipelines)!))];
            if (arguments.GetValue(_ablate) is Texts)
            {
                // Right before the last stage, so that the report compares the two.
                stages.Insert(stages.Count - 1, WithoutTexts(generation, data, stages[^1].Name, tell, stop));
            }

            return new Evaluator(split, options).Run(stages, stop);
        });
        if (report.Users == 0)
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "nothing_to_measure",
                $"No user can be measured: of {report.HeldOutInteractions} held-out interactions none is relevant.",
                "Hold out more with --share, lower --relevant-from, or import more."));
        }

        if (arguments.GetValue(_html) is { } file)
        {
            File.WriteAllText(file, HtmlReport.Render(report));
        }

        output.Result(
            JsonNode.Parse(JsonReport.Render(report))!,
            console => console.Profile.Out.Writer.WriteLine(TextReport.Render(report)));
        return Task.FromResult(ExitCode.Ok);
    }

    private (TrainingData Data, Split Split) Divide(Home home, ParseResult arguments, ulong seed)
    {
        using SqliteStore store = home.OpenStore();
        if (arguments.GetValue(_split) is { } wanted)
        {
            string name = HeldOutSet.Find(store, wanted);
            Dataset learned = store.Load(name);
            TrainingData whole = learned.ToTrainingData();
            InteractionMatrix heldOut = learned.HeldOut(name).ToMatrix(whole.Users.Count, whole.Catalog.Count);
            return (whole, Split.Given(whole.Matrix, heldOut, name));
        }

        TrainingData all = store.Load().ToTrainingData();
        double share = arguments.GetValue(_share);
        Split split = arguments.GetValue(_protocol) switch
        {
            LeaveOneOut => Split.LeaveLastOut(all.Matrix),
            Temporal => Split.TemporalShare(all.Matrix, share),
            _ => Split.RandomShare(all.Matrix, share, seed),
        };
        return (new TrainingData(all.Catalog, all.Users, split.Train, split.ComputeHash()), split);
    }

    /// <summary>The current generation when it learned from exactly this data, else one that is trained now.</summary>
    private static (Generation Generation, string Trained) Model(
        Home home, TrainingData data, ulong seed, Action<double, string> tell, CancellationToken stop)
    {
        var store = new GenerationStore(home.GenerationsFolder);
        if (store.CurrentName is { } name
            && store.List().Any(known => known.Name == name && known.DataHash == data.Hash))
        {
            return (store.Load(name), $"Generation {name}");
        }

        Generation generation = Trainer.Train(
            data,
            HomeConfiguration.Read(home).Training with { Seed = seed },
            TimeProvider.System,
            new TrainingRelay(tell),
            stop);
        return (generation, "A generation trained without what is held out");
    }

    private static EvaluationStage WithoutTexts(
        Generation whole, TrainingData data, string pipeline, Action<double, string> tell, CancellationToken stop)
    {
        Generation without = Trainer.Train(
            data, whole.Options with { UseTexts = false }, TimeProvider.System, new TrainingRelay(tell), stop);
        return GenerationStages.Of(without, [pipeline])[0] with { Name = $"{pipeline} without texts" };
    }

    private static string[] Pipelines(Generation generation, string[] wanted)
    {
        if (wanted is not [AllPipelines])
        {
            return wanted;
        }

        // Without queries the text search has nothing to say; popularity is a reference of every report.
        string[] whole = ["retrieval", "default"];
        return [.. generation.PipelineNames.Except([.. whole, "text", "popularity"]), .. whole];
    }
}
