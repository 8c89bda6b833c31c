using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Palate.Hosting;

/// <summary>YAML as a tree, bounded: no file, however it is written, ends the process.</summary>
internal static class YamlFile
{
    private const int MaxDepth = 32;

    // Aliases make a large tree of a small file.
    private const int MaxNodes = 100_000;

    /// <summary>The mapping that a file is; null when there is no file or it says nothing.</summary>
    /// <exception cref="YamlException">It is not YAML, not a mapping, several documents, or nested too deeply.</exception>
    public static YamlMappingNode? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string text = File.ReadAllText(path);
        CheckDepth(text);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents switch
        {
            [] => null,
            [{ RootNode: YamlMappingNode mapping }] => mapping,
            [{ RootNode: YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } }] => null,
            [var other] => throw new YamlException(
                other.RootNode.Start,
                other.RootNode.End,
                $"It is {(other.RootNode is YamlSequenceNode ? "a list" : "a single value")} and no mapping of sections; begin with a line like 'models:'."),
            _ => throw new YamlException("It holds several documents; keep one, without '---' between."),
        };
    }

    /// <summary>What is wrong with a file, with the line if it is known.</summary>
    public static string Words(YamlException wrong) =>
        wrong.Start.Line > 0 ? $"line {wrong.Start.Line}: {wrong.Message}" : wrong.Message;

    /// <summary>The same tree as JSON.</summary>
    /// <exception cref="YamlException">It is too large, refers to itself, or has a name that is no text.</exception>
    public static JsonNode? ToJson(YamlNode node)
    {
        int left = MaxNodes;
        return ToJson(node, 0, ref left);
    }

    /// <summary>A JSON tree as YAML.</summary>
    public static YamlNode ToYaml(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                var children = new YamlMappingNode();
                foreach ((string key, JsonNode? value) in mapping)
                {
                    children.Add(key, ToYaml(value));
                }

                return children;
            case JsonArray sequence:
                return new YamlSequenceNode(sequence.Select(ToYaml));
            default:
                return new YamlScalarNode(node is null ? "null" : node.ToJsonString().Trim('"'));
        }
    }

    private static void CheckDepth(string text)
    {
        // The parser keeps a list of its own; building the tree is what would recurse.
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth + 2)
            {
                throw TooDeep(parser.Current.Start, parser.Current.End);
            }
        }
    }

    private static JsonNode? ToJson(YamlNode node, int depth, ref int left)
    {
        if (depth > MaxDepth)
        {
            throw TooDeep(node.Start, node.End);
        }

        if (--left < 0)
        {
            throw new YamlException(node.Start, node.End, $"It has more than {MaxNodes} values; write fewer, or fewer aliases.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var fields = new JsonObject();
                foreach ((YamlNode key, YamlNode value) in mapping.Children)
                {
                    string name = (key as YamlScalarNode)?.Value
                        ?? throw new YamlException(key.Start, key.End, "A name is no text; write one before the colon.");
                    fields.Add(name, ToJson(value, depth + 1, ref left));
                }

                return fields;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (YamlNode child in sequence.Children)
                {
                    list.Add(ToJson(child, depth + 1, ref left)
                        ?? throw new YamlException(child.Start, child.End, "An entry of a list is empty; give it a value, or delete the line."));
                }

                return list;
            case YamlScalarNode { Style: ScalarStyle.Plain } scalar:
                return Plain(scalar.Value);
            case YamlScalarNode scalar:
                return JsonValue.Create(scalar.Value);
            default:
                throw new YamlException(node.Start, node.End, $"'{node}' is neither a value, a list nor a mapping.");
        }
    }

    private static JsonValue? Plain(string? text) => text switch
    {
        null or "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole) =>
            JsonValue.Create(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) =>
            JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private static YamlException TooDeep(Mark start, Mark end) =>
        new(start, end, $"It is nested more than {MaxDepth} levels deep, which no setting is.");
}
