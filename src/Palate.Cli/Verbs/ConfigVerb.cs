using System.CommandLine;
using System.CommandLine.Help;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palate.Hosting;

namespace Palate.Cli;

/// <summary><c>palate config</c>: what <c>palate.yaml</c> can say.</summary>
internal sealed class ConfigVerb : Command
{
    public ConfigVerb(CommonOptions common)
        : base("config", "See what palate.yaml can say.")
    {
        Add(new SchemaVerb(common));
        SetAction(parsed => new HelpAction().Invoke(parsed));
    }

    private sealed class SchemaVerb(CommonOptions common)
        : Verb("schema", "Write the JSON Schema of palate.yaml, for editors that complete and check it.", common)
    {
        private static readonly JsonSerializerOptions Indented = new()
        {
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        protected override string FullName => "config schema";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            JsonObject schema = HomeConfiguration.Schema();
            output.Result(schema, console => console.Profile.Out.Writer.WriteLine(schema.ToJsonString(Indented)));
            return Task.FromResult(ExitCode.Ok);
        }
    }
}
