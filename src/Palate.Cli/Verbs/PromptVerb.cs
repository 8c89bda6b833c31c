using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Palate.Hosting;
using Palate.Llm;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate prompt</c>: what is sent to a model.</summary>
internal sealed class PromptVerb : Command
{
    public PromptVerb(CommonOptions common)
        : base("prompt", "See the prompt templates, and what would be sent.")
    {
        Add(new ListVerb(common));
        Add(new ShowVerb(common));
        Add(new RenderVerb(common));
        SetAction(parsed => new HelpAction().Invoke(parsed));
    }

    private sealed class ListVerb(CommonOptions common) : Verb("list", "List the templates.", common)
    {
        protected override string FullName => "prompt list";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            using var models = HomeModels.Open(CommonOptions.PathOf(arguments), TimeProvider.System, ToolProviders.All);
            Template[] templates =
            [
                .. models.Prompts.Templates.OrderBy(template => template.Name, StringComparer.Ordinal).Select(template => new Template(
                    template.Name,
                    template.Version,
                    template.Description,
                    template.Source,
                    template.Kinds,
                    template.Kinds.ToDictionary(kind => kind, template.Hash))),
            ];
            output.Result(templates, console => Show(console, templates));
            return Task.FromResult(ExitCode.Ok);
        }

        private static void Show(IAnsiConsole console, Template[] templates)
        {
            Table table = new Table().Border(TableBorder.Rounded)
                .AddColumn(new TableColumn("template").NoWrap()).AddColumn("what it does").AddColumn("questions").AddColumn("from");
            foreach (Template template in templates)
            {
                table.AddRow(
                    TerminalText.Of(template.Name),
                    TerminalText.Of(template.Description),
                    TerminalText.Of(string.Join(", ", template.Kinds)),
                    TerminalText.Of(template.Source));
            }

            console.Write(table);
        }

        /// <summary>A template, with a hash for each question that it can put.</summary>
        private sealed record Template(
            string Name,
            int Version,
            string Description,
            string Source,
            IReadOnlyList<QuestionKind> Kinds,
            IReadOnlyDictionary<QuestionKind, string> Hashes);
    }

    private sealed class ShowVerb : Verb
    {
        private readonly Argument<string> _name = new("template") { Description = "The template's name." };

        public ShowVerb(CommonOptions common)
            : base("show", "Show a template as it is written.", common) => Add(_name);

        protected override string FullName => "prompt show";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            using var models = HomeModels.Open(CommonOptions.PathOf(arguments), TimeProvider.System, ToolProviders.All);
            PromptTemplate template = models.Prompts.Get(arguments.GetValue(_name)!);
            output.Result(
                new { template.Name, template.Version, template.Source, template.Content },
                console => console.Profile.Out.Writer.WriteLine(template.Content));
            return Task.FromResult(ExitCode.Ok);
        }
    }

    private sealed class RenderVerb : Verb
    {
        private readonly Option<string> _pipeline = new("--pipeline")
        {
            Description = "The pipeline whose prompt it is.",
            HelpName = "NAME",
            Required = true,
        };

        private readonly Option<string> _user = new("--user") { Description = "For whom.", HelpName = "ID" };

        private readonly Option<string> _query = new("--query") { Description = "What the user typed.", HelpName = "TEXT" };

        public RenderVerb(CommonOptions common)
            : base("render", "Show exactly what would be sent first for a user; nothing is sent.", common)
        {
            Add(_pipeline);
            Add(_user);
            Add(_query);
        }

        protected override string FullName => "prompt render";

        protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            Home home = CommonOptions.FindHome(arguments);
            Generation generation = new GenerationStore(home.GenerationsFolder).LoadCurrent();
            using var pipelines = HomePipelines.Open(home, TimeProvider.System, ToolProviders.All);
            string name = arguments.GetValue(_pipeline)!;
            if (!pipelines.Rerankers.TryGetValue(name, out LlmReranker? reranker))
            {
                throw new CommandException(ExitCode.NotFound, new Failure(
                    "pipeline_not_found",
                    $"There is no pipeline '{name}' with a model; there are {string.Join(", ", pipelines.Rerankers.Keys.DefaultIfEmpty("none"))}.",
                    "Declare it under pipelines in palate.yaml."));
            }

            var looking = new Looking();
            PipelineDefinition definition = pipelines.Definitions.First(one => one.Name == name) with { Reranker = looking };
            var request = new RecommendRequest
            {
                UserId = arguments.GetValue(_user),
                Query = arguments.GetValue(_query),
                Pipeline = name,

                // Without tokens nobody is asked, not even to rewrite the query.
                Budget = definition.Budget with { Tokens = 0 },
            };
            await new Recommender(generation, TimeProvider.System, definition).RecommendAsync(request, stop);
            if (looking.Seen is null)
            {
                throw new CommandException(ExitCode.BadInput, new Failure(
                    "nothing_to_ask", "There are fewer than two candidates, so nothing would be asked.", "Name a user with a history."));
            }

            Call[] calls =
            [
                .. reranker.Preview(looking.Seen).Select(call => new Call(
                    call.Prompt.Question.ToString(),
                    [.. call.Prompt.Messages.Select(message => new Message(message.Role.Value, message.Text))],
                    call.Blocks,
                    call.Prompt.EstimatedTokens,
                    call.Prompt.SharedPrefixBytes,
                    call.Prompt.TemplateHash,
                    call.Prompt.PrefixHash)),
            ];
            output.Result(calls, console => Show(console, calls));
            return ExitCode.Ok;
        }

        private static void Show(IAnsiConsole console, Call[] calls)
        {
            Call first = calls[0];
            foreach (Message message in first.Messages)
            {
                console.Profile.Out.Writer.WriteLine($"--- {message.Role}");
                console.Profile.Out.Writer.WriteLine(message.Text);
            }

            Table table = new Table().Border(TableBorder.Rounded)
                .AddColumn("block").AddColumn(new TableColumn("bytes").RightAligned())
                .AddColumn(new TableColumn("tokens, estimated").RightAligned()).AddColumn("in the shared prefix");
            foreach (PromptBlock block in first.Blocks)
            {
                table.AddRow(
                    TerminalText.Of(block.Name), TerminalText.Of(block.Bytes), TerminalText.Of(block.Tokens),
                    TerminalText.Of(block.Shared ? "yes" : "no"));
            }

            console.Write(table);
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The first of {calls.Length} questions of the first round; about {first.EstimatedTokens} tokens, a shared prefix of {first.SharedPrefixBytes} bytes."));
        }

        /// <summary>A prompt as it would be sent.</summary>
        private sealed record Call(
            string Question,
            IReadOnlyList<Message> Messages,
            IReadOnlyList<PromptBlock> Blocks,
            int EstimatedTokens,
            int SharedPrefixBytes,
            string TemplateHash,
            string PrefixHash);

        private sealed record Message(string Role, string Text);

        /// <summary>Keeps what a re-ranker would see, and asks nobody.</summary>
        private sealed class Looking : IReranker
        {
            public RerankContext? Seen { get; private set; }

            public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
            {
                Seen = context;
                return ValueTask.FromResult(new RerankResult([], default(Mode)));
            }
        }
    }
}
