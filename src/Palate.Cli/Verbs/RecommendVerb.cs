using System.CommandLine;
using System.Globalization;
using Palate.Hosting;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate recommend</c>: answers one request from the generation of the home.</summary>
internal sealed class RecommendVerb : Verb
{
    private readonly Option<string> _user = new("--user")
    {
        Description = "For whom; without it for somebody unknown.",
        HelpName = "ID",
    };

    private readonly Option<int> _count = new("--top-k", "--topk", "--count")
    {
        Description = $"How many items, 1 to {RecommendRequest.MaxCount}.",
        HelpName = "N",
        DefaultValueFactory = _ => new RecommendRequest().Count,
    };

    private readonly Option<string> _query = new("--query")
    {
        Description = "What the user typed.",
        HelpName = "TEXT",
    };

    private readonly Option<string> _session = new("--session")
    {
        Description = "Item ids of the running session, oldest first, with commas between.",
        HelpName = "A,B",
    };

    private readonly Option<string> _exclude = new("--exclude")
    {
        Description = "Item ids that must not be returned, with commas between.",
        HelpName = "A,B",
    };

    private readonly Option<string[]> _require = new("--require")
    {
        Description = "Only items with this value of this attribute; of several for one attribute, any.",
        HelpName = "ATTRIBUTE=VALUE",
    };

    private readonly Option<bool> _includeSeen = new("--include-seen")
    {
        Description = "Also items of the user's own history.",
    };

    private readonly Option<string> _pipeline = new("--pipeline")
    {
        Description = "The pipeline to use instead of the default one.",
        HelpName = "NAME",
    };

    private readonly Option<string> _goal = new("--goal")
    {
        Description = "What the order should achieve beyond relevance, for example \"fresh and varied\".",
        HelpName = "SENTENCE",
    };

    private readonly Option<int?> _deadline = new("--deadline-ms")
    {
        Description = "How long the answer may take, when that is less than the pipeline allows.",
        HelpName = "MS",
    };

    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Judge anew what was judged before." };

    private readonly Option<string> _shape = new("--shape")
    {
        Description = "Shape the list at the end: mmr, dpp, xquad, xquad-even, pm2, calibration, fa-ir, exposure, exposure-linear, parity, cap, novelty.",
        HelpName = "METHOD",
    };

    private readonly Option<float?> _shapeWeight = new("--shape-weight")
    {
        Description = "How strongly: 0 leaves the order alone, 1 looks at the aim alone.",
        HelpName = "W",
    };

    private readonly Option<string> _shapeBy = new("--shape-by")
    {
        Description = "The attribute that it goes by, for example genre.",
        HelpName = "ATTRIBUTE",
    };

    private readonly Option<string> _shapeGroups = new("--shape-groups")
    {
        Description = "For fa-ir, exposure and parity: the least number of the one group, or its values, with commas between.",
        HelpName = "NUMBER|VALUES",
    };

    private readonly Option<string[]> _pin = new("--pin")
    {
        Description = "Put an item at a rank.",
        HelpName = "ID=RANK",
    };

    private readonly Option<string[]> _boost = new("--boost")
    {
        Description = "Move items with a value of an attribute up, or with a negative number down, -1 to 1.",
        HelpName = "ATTRIBUTE=VALUE:BY",
    };

    private readonly Option<string[]> _cap = new("--cap")
    {
        Description = "At most so many items of a value, or of each value.",
        HelpName = "ATTRIBUTE[=VALUE]:N",
    };

    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "Say for each item why it is there.",
    };

    private readonly Option<bool> _logFeatures = new("--log-features")
    {
        Description = "Add the ranker's input of each item to the JSON.",
    };

    private readonly Option<string> _generation = new("--generation")
    {
        Description = "The generation to ask instead of the current one.",
        HelpName = "NAME",
    };

    public RecommendVerb(CommonOptions common)
        : base("recommend", "Recommend items to a user.", common)
    {
        Add(_user);
        Add(_count);
        Add(_query);
        Add(_session);
        Add(_exclude);
        Add(_require);
        Add(_includeSeen);
        Add(_pipeline);
        Add(_goal);
        Add(_shape);
        Add(_shapeWeight);
        Add(_shapeBy);
        Add(_shapeGroups);
        Add(_pin);
        Add(_boost);
        Add(_cap);
        Add(_deadline);
        Add(_noCache);
        Add(_explain);
        Add(_logFeatures);
        Add(_generation);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        RecommendRequest request = Request(arguments);
        request.Validate();
        Home home = CommonOptions.FindHome(arguments);
        var store = new GenerationStore(home.GenerationsFolder);
        string? name = arguments.GetValue(_generation);
        Generation generation = name is null ? store.LoadCurrent() : store.Load(name);
        using var pipelines = HomePipelines.Open(home, TimeProvider.System, ToolProviders.All);
        var recommender = new Recommender(generation, TimeProvider.System, pipelines.Definitions);
        Recommendation answer = await recommender.RecommendAsync(WithBudget(request, arguments, recommender), stop);
        output.Result(answer, console => RecommendationTable.Show(console, answer));
        return ExitCode.Ok;
    }

    private RecommendRequest WithBudget(RecommendRequest request, ParseResult arguments, Recommender recommender) =>
        arguments.GetValue(_deadline) is { } milliseconds
            ? request with { Budget = recommender.BudgetOf(request.Pipeline) with { Deadline = TimeSpan.FromMilliseconds(milliseconds) } }
            : request;

    private RecommendRequest Request(ParseResult arguments) => new()
    {
        UserId = arguments.GetValue(_user),
        Count = arguments.GetValue(_count),
        Query = arguments.GetValue(_query),
        Session = [.. Ids(arguments.GetValue(_session)).Select(id => new SessionItem(id))],
        Exclude = Ids(arguments.GetValue(_exclude)),
        Require = Require(arguments.GetValue(_require) ?? []),
        IncludeSeen = arguments.GetValue(_includeSeen),
        Pipeline = arguments.GetValue(_pipeline),
        Goal = arguments.GetValue(_goal),
        Shaping = Shaping(arguments),
        Rules = new Rules
        {
            Pins = [.. (arguments.GetValue(_pin) ?? []).Select(RuleText.Pin)],
            Boosts = [.. (arguments.GetValue(_boost) ?? []).Select(RuleText.Boost)],
            Caps = [.. (arguments.GetValue(_cap) ?? []).Select(RuleText.Cap)],
        },
        NoCache = arguments.GetValue(_noCache),
        Explain = arguments.GetValue(_explain),
        LogFeatures = arguments.GetValue(_logFeatures),
    };

    private ShapingOptions? Shaping(ParseResult arguments)
    {
        string? method = arguments.GetValue(_shape);
        float? weight = arguments.GetValue(_shapeWeight);
        string? attribute = arguments.GetValue(_shapeBy);
        string? groups = arguments.GetValue(_shapeGroups);
        if (method is null && weight is null && attribute is null && groups is null)
        {
            return null;
        }

        var defaults = new ShapingOptions();
        bool isFrom = float.TryParse(groups, CultureInfo.InvariantCulture, out float from) && float.IsFinite(from);
        return defaults with
        {
            Method = method ?? defaults.Method,
            Weight = weight ?? defaults.Weight,
            Attribute = attribute,
            GroupFrom = isFrom ? from : null,
            GroupValues = isFrom ? [] : Ids(groups),
        };
    }

    private static string[] Ids(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Dictionary<string, IReadOnlyList<string>> Require(string[] pairs)
    {
        var require = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == pair.Length - 1)
            {
                throw new CommandException(ExitCode.Usage, new Failure(
                    "usage",
                    string.Create(CultureInfo.InvariantCulture, $"--require is '{pair}'."),
                    "Write an attribute, an equals sign and a value: --require genre=Comedy."));
            }

            string attribute = pair[..equals];
            require[attribute] = [.. require.GetValueOrDefault(attribute) ?? [], pair[(equals + 1)..]];
        }

        return require;
    }
}
