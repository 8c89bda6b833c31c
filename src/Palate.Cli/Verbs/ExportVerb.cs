using System.CommandLine;
using System.CommandLine.Help;
using Palate.Simulation;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate export</c>: writes what a home holds, or the demo shop, as JSON lines that <c>import</c> reads.</summary>
internal sealed class ExportVerb : Command
{
    public ExportVerb(CommonOptions common)
        : base("export", "Write items, users or interactions of the home, or the demo shop, as JSON lines.")
    {
        Add(new TableVerb("items", "Write the items.", common, (store, _, stream) =>
            JsonLinesWriter.WriteItems(stream, store.Load().Catalog.Items)));
        Add(new TableVerb("users", "Write the users.", common, (store, _, stream) =>
            JsonLinesWriter.WriteUsers(stream, store.LoadUsers())));
        Add(new InteractionsVerb(common));
        Add(new AllVerb(common));
        Add(new DemoDataVerb(common));
        SetAction(parsed => new HelpAction().Invoke(parsed));
    }

    /// <summary>How many rows went where; without a file to standard output.</summary>
    internal sealed record Exported(string What, string? File, long Rows);

    /// <summary>The files of a folder.</summary>
    internal sealed record ExportedFolder(string Folder, IReadOnlyList<ExportedFile> Files);

    /// <summary>One file and its rows.</summary>
    internal sealed record ExportedFile(string File, long Rows);

    private class TableVerb : Verb
    {
        private readonly Func<SqliteStore, ParseResult, Stream, long> _write;

        private readonly Option<string> _output = new("--output", "-o")
        {
            Description = "The file to write, which is replaced. Default: standard output.",
            HelpName = "FILE",
        };

        public TableVerb(
            string name, string description, CommonOptions common, Func<SqliteStore, ParseResult, Stream, long> write)
            : base(name, description, common)
        {
            _write = write;
            Add(_output);
            Validators.Add(result =>
            {
                if (result.GetValue(common.Json) && result.GetResult(_output) is null)
                {
                    result.AddError("--json writes the envelope to standard output; say with --output where the rows go.");
                }
            });
        }

        protected override string FullName => $"export {Name}";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            Home home = CommonOptions.FindHome(arguments);
            using SqliteStore store = home.OpenStore();
            if (arguments.GetValue(_output) is not { } path)
            {
                using var bytes = new MemoryStream();
                _write(store, arguments, bytes);
                arguments.InvocationConfiguration.Output.Write(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
                return Task.FromResult(ExitCode.Ok);
            }

            // A file that cannot be written whole must not take the place of one that is.
            string next = path + ".next";
            long rows;
            using (FileStream file = File.Create(next))
            {
                rows = _write(store, arguments, file);
            }

            File.Move(next, path, overwrite: true);
            output.Result(new Exported(Name, path, rows), console => console.WriteLine(TerminalText.Clean($"{rows:N0} {Name} are in {path}.")));
            return Task.FromResult(ExitCode.Ok);
        }
    }

    private sealed class InteractionsVerb : TableVerb
    {
        private static readonly Option<string> Split = new("--split")
        {
            Description = "Write this held-out set instead of the interactions that are learned from.",
            HelpName = "NAME",
        };

        private static readonly Option<string> User = new("--user") { Description = "Only those of one user.", HelpName = "ID" };

        public InteractionsVerb(CommonOptions common)
            : base("interactions", "Write the interactions.", common, Write)
        {
            Add(Split);
            Add(User);
        }

        private static long Write(SqliteStore store, ParseResult arguments, Stream stream)
        {
            Dataset data = store.Load();
            string? split = arguments.GetValue(Split);
            if (split is not null && !data.Splits.Contains(split))
            {
                throw new CommandException(ExitCode.NotFound, new Failure(
                    "split_not_found",
                    $"There is no held-out set '{split}'; there are: {string.Join(", ", data.Splits.DefaultIfEmpty("none"))}.",
                    "Name one of these with --split."));
            }

            string? user = arguments.GetValue(User);
            if (user is not null && data.UserIds.IndexOf(user) < 0)
            {
                throw ForgetVerb.UserNotFound(user);
            }

            IEnumerable<Interaction> rows = data.Rows(split is null ? data.Events : data.HeldOut(split));
            return JsonLinesWriter.WriteInteractions(stream, rows.Where(row => user is null || row.UserId == user));
        }
    }

    private sealed class AllVerb : Verb
    {
        private readonly Argument<string> _folder = new("folder") { Description = "The folder to write into.", HelpName = "DIR" };

        public AllVerb(CommonOptions common)
            : base("all", "Write everything into a folder: items, users, interactions, held-out sets.", common) => Add(_folder);

        protected override string FullName => "export all";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            Home home = CommonOptions.FindHome(arguments);
            using SqliteStore store = home.OpenStore();
            return Task.FromResult(ShowFolder(output, arguments.GetRequiredValue(_folder), store.Load(), stop));
        }
    }

    private sealed class DemoDataVerb : Verb
    {
        private readonly Argument<string> _folder = new("folder") { Description = "The folder to write into.", HelpName = "DIR" };

        private readonly Option<ulong> _seed = new("--seed")
        {
            Description = "The shop's seed; the same seed gives the same files on every machine.",
            HelpName = "N",
            DefaultValueFactory = _ => new DemoOptions().Seed,
        };

        public DemoDataVerb(CommonOptions common)
            : base("demo", "Write the demo shop into a folder; no home is needed.", common)
        {
            Add(_folder);
            Add(_seed);
        }

        protected override string FullName => "export demo";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            Dataset shop = output.WithProgress("Exporting", report =>
            {
                report(-1, "generating the shop");
                return Dataset.Load(DemoWorld.Generate(new DemoOptions { Seed = arguments.GetValue(_seed) }, stop), stop: stop);
            });
            return Task.FromResult(ShowFolder(output, arguments.GetRequiredValue(_folder), shop, stop));
        }
    }

    private static int ShowFolder(CommandOutput output, string folder, Dataset data, CancellationToken stop)
    {
        IReadOnlyList<(string File, long Rows)> files = JsonLinesWriter.WriteFolder(folder, data, stop);
        output.Result(
            new ExportedFolder(folder, [.. files.Select(file => new ExportedFile(file.File, file.Rows))]),
            console =>
            {
                foreach ((string file, long rows) in files)
                {
                    console.WriteLine(TerminalText.Clean($"{rows:N0} rows are in {Path.Combine(folder, file)}."));
                }
            });
        return ExitCode.Ok;
    }
}
