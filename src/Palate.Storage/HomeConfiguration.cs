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

    /// <summary>The options of the <c>training</c> section; the defaults when there is no file or no such section.</summary>
    /// <exception cref="StoreException">The file is not readable YAML, or a field is unknown or has a wrong value.</exception>
    public static TrainingOptions ReadTraining(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        if (!File.Exists(home.ConfigurationFile))
        {
            return new TrainingOptions();
        }

        try
        {
            using StreamReader reader = File.OpenText(home.ConfigurationFile);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root)
            {
                return new TrainingOptions();
            }

            foreach (YamlNode key in root.Children.Keys)
            {
                if (key is not YamlScalarNode { Value: "training" })
                {
                    throw new JsonException($"There is no section '{key}'; the file has the section 'training'.");
                }
            }

            return root.Children.TryGetValue("training", out YamlNode? training)
                ? ToJson(training).Deserialize<TrainingOptions>(Json) ?? new TrainingOptions()
                : new TrainingOptions();
        }
        catch (Exception e) when (e is YamlException or JsonException)
        {
            throw new StoreException(
                $"The file {home.ConfigurationFile} cannot be used: {e.Message} Mend the file, or delete it for the defaults.",
                e);
        }
    }

    /// <summary>Writes the options into the <c>training</c> section.</summary>
    public static void WriteTraining(Home home, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(home);
        JsonNode node = JsonSerializer.SerializeToNode(new { training = options }, Json)!;
        var stream = new YamlStream(new YamlDocument(ToYaml(node)));
        string next = home.ConfigurationFile + ".next";
        using (StreamWriter writer = File.CreateText(next))
        {
            stream.Save(writer, assignAnchors: false);
        }

        File.Move(next, home.ConfigurationFile, overwrite: true);
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
