using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Palate.Storage;

/// <summary>Reads and writes <c>palate.yaml</c>, the home's settings.</summary>
/// <remarks>A field that is not known is an error: a typing mistake must not silently leave a default in place.</remarks>
public static class HomeConfiguration
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    // In the training section null means "without it"; in the others what is absent has its default.
    private static readonly JsonSerializerOptions WithoutNulls = new(Json)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Everything that the file says; the defaults for what it does not say, and when there is no file.</summary>
    /// <exception cref="StoreException">The file is not readable YAML, or a field is unknown or has a wrong value.</exception>
    public static HomeSettings Read(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        JsonNode? root = null;
        try
        {
            root = Root(home) is { } yaml ? ToJson(yaml) : null;
            HomeSettings settings = root.Deserialize<HomeSettings>(Json) ?? new HomeSettings();
            settings.Validate();
            return settings;
        }
        catch (Exception e) when (e is YamlException or JsonException or ArgumentException)
        {
            string why = e is JsonException { Path: { Length: > 2 } path } ? Words(e.Message, path[2..], root) : e.Message;
            throw new StoreException(
                $"The file {home.ConfigurationFile} cannot be used: {why} Mend the file, or delete it for the defaults.", e);
        }
    }

    /// <summary>Writes the options into the <c>training</c> section; the other sections stay.</summary>
    /// <exception cref="StoreException">The file that is there is not readable YAML.</exception>
    public static void WriteTraining(Home home, TrainingOptions options) => WriteSection(home, "training", options, Json);

    /// <summary>Declares models and pipelines; the other sections stay.</summary>
    /// <exception cref="StoreException">The file that is there is not readable YAML.</exception>
    public static void WritePipelines(
        Home home,
        IReadOnlyDictionary<string, ModelSettings> models,
        IReadOnlyDictionary<string, PipelineSettings> pipelines)
    {
        WriteSection(home, "models", models, WithoutNulls);
        WriteSection(home, "pipelines", pipelines, WithoutNulls);
    }

    private static void WriteSection<T>(Home home, string name, T value, JsonSerializerOptions json)
    {
        ArgumentNullException.ThrowIfNull(home);
        YamlMappingNode root;
        try
        {
            root = Root(home) ?? [];
        }
        catch (YamlException e)
        {
            throw new StoreException(
                $"The file {home.ConfigurationFile} cannot be used: {e.Message} Mend the file, or delete it for the defaults.",
                e);
        }

        root.Children[new YamlScalarNode(name)] = ToYaml(JsonSerializer.SerializeToNode(value, json));
        string next = home.ConfigurationFile + ".next";
        using (StreamWriter writer = File.CreateText(next))
        {
            new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        }

        File.Move(next, home.ConfigurationFile, overwrite: true);
    }

    /// <summary>What is wrong with a setting, without the names of types.</summary>
    private static string Words(string message, string path, JsonNode? root)
    {
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return $"{path} is not a setting.";
        }

        JsonNode? value = path.Split('.').Aggregate(root, (node, name) => (node as JsonObject)?[name]);
        return value is null
            ? $"{path} is not what is read there."
            : $"{path} is {value.ToJsonString()}, which is not what is read there.";
    }

    private static YamlMappingNode? Root(Home home)
    {
        if (!File.Exists(home.ConfigurationFile))
        {
            return null;
        }

        using StreamReader reader = File.OpenText(home.ConfigurationFile);
        var stream = new YamlStream();
        stream.Load(reader);
        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(
            child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, ToJson(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => ToJson(scalar.Value),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new JsonException($"'{node}' is neither a value, a list nor a mapping."),
    };

    private static JsonValue? ToJson(string? plain) => plain switch
    {
        null or "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(plain, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole) =>
            JsonValue.Create(whole),
        _ when double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
            JsonValue.Create(number),
        _ => JsonValue.Create(plain),
    };

    private static YamlNode ToYaml(JsonNode? node)
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
}
