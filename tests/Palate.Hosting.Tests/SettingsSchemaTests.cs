using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Palate.Storage.Tests;

namespace Palate.Hosting.Tests;

public sealed partial class SettingsSchemaTests : IDisposable
{
    /// <summary>Set this environment variable to 1 to write the schema over the committed one.</summary>
    private const string Switch = "PALATE_WRITE_SCHEMA";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TemporaryHome _home = new();

    [Fact]
    public void The_committed_schema_is_that_of_the_settings()
    {
        string file = Path.Combine(Root(), "docs", "palate.schema.json");
        string built = HomeConfiguration.Schema().ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            File.WriteAllText(file, built);
        }

        Assert.True(
            File.ReadAllText(file).ReplaceLineEndings("\n") == built,
            $"docs/palate.schema.json is not in step with the settings; run this test with {Switch}=1 and commit the file.");
    }

    [Fact]
    public void Every_setting_says_what_it_is()
    {
        var silent = new List<string>();
        Look(HomeConfiguration.Schema(), "");
        Assert.Empty(silent);

        void Look(JsonNode? node, string path)
        {
            if (node is not JsonObject schema)
            {
                return;
            }

            foreach ((string name, JsonNode? property) in schema["properties"]?.AsObject() ?? [])
            {
                if (property!["description"] is null)
                {
                    silent.Add(path + name);
                }

                Look(property, $"{path}{name}.");
            }

            Look(schema["items"], path);
            Look(schema["additionalProperties"], path);
        }
    }

    [Theory]
    [InlineData("eval", "ml-100k.yaml")]
    [InlineData("eval", "ml-1m.yaml")]
    [InlineData("eval", "ml-latest-small.yaml")]
    [InlineData("docs", "reranking.md")]
    public void Samples_are_read_and_fit_the_schema(string folder, string file)
    {
        string text = File.ReadAllText(Path.Combine(Root(), folder, file));
        string[] samples = file.EndsWith(".md", StringComparison.Ordinal)
            ? [.. Blocks().Matches(text).Select(block => block.Groups[1].Value).Where(block => !block.StartsWith(' '))]
            : [text];

        Assert.NotEmpty(samples);
        JsonObject schema = HomeConfiguration.Schema();
        foreach (string sample in samples)
        {
            File.WriteAllText(_home.Home.ConfigurationFile, sample);
            HomeConfiguration.Read(_home.Home);
            Assert.Empty(Misfits(schema, schema, YamlFile.ToJson(YamlFile.Read(_home.Home.ConfigurationFile)!), "$"));
        }
    }

    [Theory]
    [InlineData("model: {}", "$.model")]
    [InlineData("models: { a: { provider: vllm, concurrency: many } }", "$.models.a.concurrency")]
    [InlineData("pipelines: { llm: { model: m, layout: wide } }", "$.pipelines.llm.layout")]
    [InlineData("spend: [ { dollars: [] } ]", "$.spend[0].dollars")]
    public void What_is_refused_does_not_fit_the_schema(string yaml, string place)
    {
        File.WriteAllText(_home.Home.ConfigurationFile, yaml);
        JsonObject schema = HomeConfiguration.Schema();

        Assert.Throws<ConfigurationException>(() => HomeConfiguration.Read(_home.Home));
        Assert.Equal(place, Assert.Single(Misfits(schema, schema, YamlFile.ToJson(YamlFile.Read(_home.Home.ConfigurationFile)!), "$")));
    }

    public void Dispose() => _home.Dispose();

    /// <summary>The places of a value that do not fit, by as much of JSON Schema as this one uses.</summary>
    private static IEnumerable<string> Misfits(JsonObject root, JsonObject schema, JsonNode? value, string path)
    {
        while (schema["$ref"]?.GetValue<string>() is { } pointer)
        {
            schema = pointer.Split('/').Skip(1).Aggregate((JsonNode)root, (node, name) => node[name]!).AsObject();
        }

        string kind = value?.GetValueKind() switch
        {
            null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.AsValue().TryGetValue(out long _) ? "integer" : "number",
            _ => "boolean",
        };
        string[] types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        bool fits = types.Length == 0 || types.Contains(kind) || (kind == "integer" && types.Contains("number"));
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            fits = false;
        }

        if (!fits)
        {
            return [path];
        }

        return value switch
        {
            JsonObject fields => fields.SelectMany(field =>
                schema["properties"]?[field.Key] is JsonObject known ? Misfits(root, known, field.Value, $"{path}.{field.Key}")
                : schema["additionalProperties"] is JsonObject any ? Misfits(root, any, field.Value, $"{path}.{field.Key}")
                : [$"{path}.{field.Key}"]),
            JsonArray list => list.SelectMany((entry, place) => Misfits(root, schema["items"]!.AsObject(), entry, $"{path}[{place}]")),
            _ => [],
        };
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Palate.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Palate.slnx is in no folder above the tests.");
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
