using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Palate.Llm;

/// <summary>Reads one template file and checks all of it, so that a mistake shows when Palate starts and not in a request.</summary>
internal static partial class PromptFile
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithDuplicateKeyChecking()
        .Build();

    private static readonly Dictionary<string, QuestionKind> KindNames = new(StringComparer.Ordinal)
    {
        ["grade"] = QuestionKind.Grade,
        ["yes-no"] = QuestionKind.YesNo,
        ["pair"] = QuestionKind.Pair,
        ["order"] = QuestionKind.Order,
        ["first-token"] = QuestionKind.FirstToken,
        ["best"] = QuestionKind.Best,
        ["choose"] = QuestionKind.Choose,
        ["walk"] = QuestionKind.Walk,
    };

    // A block shows one value and is left out where the value is empty.
    private static readonly string[] BlockNames =
        ["profile", "history", "candidates", "query", "goal", "latest", "question"];

    /// <summary>Whether the text is a form and not a style.</summary>
    public static bool IsForm(string content) => FormKey().IsMatch(content);

    public static PromptForm ReadForm(string file, string content)
    {
        FormYaml yaml = Parse<FormYaml>(file, content);
        QuestionKind kind = Kind(file, "form", yaml.Form);
        _ = Version(file, yaml.Version);
        string instruction = PromptPlaceholders.Check(file, "instruction", yaml.Instruction, []);
        string reply = PromptPlaceholders.Check(file, "reply", yaml.Reply, []);
        string question = PromptPlaceholders.Check(
            file, "question", yaml.Question, ["aliases", "wanted", "count", "all", "instruction"], "aliases");
        TokensYaml tokens = yaml.Tokens ?? throw Missing(file, "tokens", "{ base: 16, each: 6 }");
        Range(file, "tokens.base", tokens.Base, 1, 100_000);
        Range(file, "tokens.each", tokens.Each, 0, 10_000);
        Range(file, "first_tokens", yaml.FirstTokens, 0, 20);
        GradeScale scale;
        try
        {
            scale = new GradeScale(yaml.Scale ?? 1, yaml.Words);
        }
        catch (ArgumentException error)
        {
            throw new PromptException(file, "scale", error.Message, "Give a number such as 1, 10 or 100, and words from 0 to 1.", error);
        }

        if ((yaml.ReplyReasons is null) != (yaml.SchemaReasons is null) && yaml.Schema is not null)
        {
            throw new PromptException(
                file, "schema_reasons", "reply_reasons and schema_reasons go together.", "Give both, or neither.");
        }

        return new PromptForm
        {
            Kind = kind,
            Source = file,
            Content = content,
            Instruction = instruction,
            Reply = reply,
            ReplyReasons = yaml.ReplyReasons is null ? null : PromptPlaceholders.Check(file, "reply_reasons", yaml.ReplyReasons, []),
            Example = yaml.Example is null ? "" : PromptPlaceholders.Check(file, "example", yaml.Example, []),
            Question = question,
            Scale = scale,
            BaseTokens = tokens.Base,
            EachTokens = tokens.Each,
            FirstTokens = yaml.FirstTokens,
            Schema = Schema(file, "schema", yaml.Schema),
            SchemaReasons = Schema(file, "schema_reasons", yaml.SchemaReasons),
        };
    }

    public static PromptTemplate ReadTemplate(string file, string content, IReadOnlyDictionary<QuestionKind, PromptForm> forms)
    {
        StyleYaml yaml = Parse<StyleYaml>(file, content);
        if (yaml.Name is null)
        {
            throw Missing(file, "name", "a short name, for example zero-shot");
        }

        if (!NameForm().IsMatch(yaml.Name))
        {
            throw new PromptException(
                file, "name", $"'{yaml.Name}' is no name.", "Use up to 64 lower-case letters, digits and dashes.");
        }

        int version = Version(file, yaml.Version);
        Range(file, "thinking", yaml.Thinking, 0, 10_000);
        string system = PromptPlaceholders.Check(
            file, "system", yaml.System, ["domain", "instruction", "reply", "example", "thinking"], "instruction", "reply");
        string item = PromptPlaceholders.Check(file, "item", yaml.Item, ["title", "facts", "score", "text"], "title");
        string entry = PromptPlaceholders.Check(file, "entry", yaml.Entry, ["title", "value"], "title");
        if (item.Contains('\n') || entry.Contains('\n'))
        {
            throw new PromptException(file, item.Contains('\n') ? "item" : "entry", "it has a line break.", "Give one line.");
        }

        IEnumerable<PromptForm> used = yaml.Forms is null
            ? forms.Values
            : yaml.Forms.Select(form => forms[Kind(file, "forms", form)]);
        return new PromptTemplate(content, used)
        {
            Name = yaml.Name,
            Version = version,
            Description = yaml.Description ?? "",
            Source = file,
            ThinkingTokens = yaml.Thinking,
            System = system,
            Item = item,
            Entry = entry,
            Blocks = Blocks(file, yaml.Blocks),
        };
    }

    /// <summary>The schema with a first field for thinking.</summary>
    public static JsonElement WithThinking(JsonElement schema)
    {
        JsonObject root = JsonNode.Parse(schema.GetRawText())!.AsObject();
        if (root["properties"] is JsonObject properties)
        {
            properties.Insert(0, "thinking", new JsonObject { ["type"] = "string" });
        }

        if (root["required"] is JsonArray required)
        {
            required.Insert(0, "thinking");
        }

        using var document = JsonDocument.Parse(root.ToJsonString());
        return document.RootElement.Clone();
    }

    private static List<(string Name, string Text)> Blocks(string file, List<BlockYaml>? yaml)
    {
        if (yaml is null or [])
        {
            throw Missing(file, "blocks", "a list of blocks with name and text; at least candidates and question");
        }

        var blocks = new List<(string Name, string Text)>();
        foreach (BlockYaml block in yaml)
        {
            if (block.Name is null)
            {
                throw Missing(file, "blocks.name", "one of " + string.Join(", ", BlockNames));
            }

            if (!BlockNames.Contains(block.Name) || blocks.Any(other => other.Name == block.Name))
            {
                throw new PromptException(
                    file, "blocks.name", $"'{block.Name}' is unknown or there already.",
                    $"Use each of {string.Join(", ", BlockNames)} at most once.");
            }

            string text = PromptPlaceholders.Check(file, "blocks." + block.Name, block.Text, [block.Name], block.Name);
            if (block.Name == "candidates" && text.Split("{{candidates}}").Length != 2)
            {
                throw new PromptException(
                    file, "blocks.candidates", "it must hold {{candidates}} once.", "Write {{candidates}} on a line of its own.");
            }

            blocks.Add((block.Name, text));
        }

        if (blocks[^1].Name != "question" || blocks.All(block => block.Name != "candidates"))
        {
            throw new PromptException(
                file, "blocks", "there is no candidates block, or the question is not last.",
                "Add both; what varies between the calls of a request comes last, for the sake of prefix caches.");
        }

        return blocks;
    }

    private static T Parse<T>(string file, string content)
        where T : class
    {
        try
        {
            return Yaml.Deserialize<T>(content)
                ?? throw new PromptException(file, "line 1", "the file is empty.", "Write a template, or remove the file.");
        }
        catch (YamlException error)
        {
            throw new PromptException(
                file, $"line {error.Start.Line}", (error.InnerException ?? error).Message.TrimEnd('.') + ".",
                "Correct the YAML; the embedded templates show every field.", error);
        }
    }

    private static JsonElement? Schema(string file, string field, string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new PromptException(file, field, "it is no JSON object.", "Give a JSON schema.");
        }
        catch (JsonException error)
        {
            throw new PromptException(file, field, error.Message, "Give a JSON schema as one quoted string.", error);
        }
    }

    private static QuestionKind Kind(string file, string field, string? name) =>
        name is null ? throw Missing(file, field, "one of " + string.Join(", ", KindNames.Keys))
        : KindNames.TryGetValue(name, out QuestionKind kind) ? kind
        : throw new PromptException(
            file, field, $"there is no form '{name}'.", "Use " + string.Join(", ", KindNames.Keys) + ".");

    private static int Version(string file, int? version) =>
        version is null ? throw Missing(file, "version", "a whole number from 1")
        : version >= 1 ? version.Value
        : throw new PromptException(file, "version", $"it is {version}.", "Give a whole number from 1.");

    private static void Range(string file, string field, int value, int low, int high)
    {
        if (value < low || value > high)
        {
            throw new PromptException(file, field, $"it is {value}.", $"Give {low} to {high}.");
        }
    }

    private static PromptException Missing(string file, string field, string what) =>
        new(file, field, "it is missing.", $"Add '{field}': {what}.");

    [GeneratedRegex(@"^form\s*:", RegexOptions.Multiline)]
    private static partial Regex FormKey();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex NameForm();

    private sealed class StyleYaml
    {
        public string? Name { get; set; }

        public int? Version { get; set; }

        public string? Description { get; set; }

        public List<string>? Forms { get; set; }

        public int Thinking { get; set; }

        public string? System { get; set; }

        public string? Item { get; set; }

        public string? Entry { get; set; }

        public List<BlockYaml>? Blocks { get; set; }
    }

    private sealed class BlockYaml
    {
        public string? Name { get; set; }

        public string? Text { get; set; }
    }

    private sealed class FormYaml
    {
        public string? Form { get; set; }

        public int? Version { get; set; }

        public string? Instruction { get; set; }

        public string? Reply { get; set; }

        public string? ReplyReasons { get; set; }

        public string? Example { get; set; }

        public string? Question { get; set; }

        public double? Scale { get; set; }

        public Dictionary<string, double>? Words { get; set; }

        public TokensYaml? Tokens { get; set; }

        public int FirstTokens { get; set; }

        public string? Schema { get; set; }

        public string? SchemaReasons { get; set; }
    }

    private sealed class TokensYaml
    {
        public int Base { get; set; }

        public int Each { get; set; }
    }
}
