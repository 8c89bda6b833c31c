using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Palate.Storage;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Palate.Hosting;

/// <summary>Reads and writes <c>palate.yaml</c>, the home's settings.</summary>
/// <remarks>A field that is not known is an error: a typing mistake must not silently leave a default in place.</remarks>
internal static partial class HomeConfiguration
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    // In the training section null means "without it"; in the others what is absent has its default.
    private static readonly JsonSerializerOptions WithoutNulls = new(Json)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Everything that the file says; the defaults for what it does not say, and when there is no file.</summary>
    /// <exception cref="ConfigurationException">The file is not readable YAML, or a field is unknown or has a wrong value.</exception>
    public static HomeSettings Read(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        JsonNode? root = null;
        try
        {
            root = YamlFile.Read(home.ConfigurationFile) is { } yaml ? YamlFile.ToJson(yaml) : null;
            HomeSettings settings = root.Deserialize<HomeSettings>(Json) ?? new HomeSettings();
            return settings.Problems().FirstOrDefault() is { Setting: { } setting } wrong
                ? throw Unusable(home, wrong.Problem, null, setting)
                : settings;
        }
        catch (JsonException e)
        {
            string? setting = e.Path is { Length: > 2 } path ? path[2..] : null;
            throw Unusable(home, setting is null ? e.Message : Words(e.Message, setting, root), e, setting);
        }
        catch (YamlException e)
        {
            throw Unusable(home, YamlFile.Words(e), e);
        }
    }

    /// <summary>Writes the options into the <c>training</c> section; the other sections stay.</summary>
    /// <exception cref="ConfigurationException">The file that is there is not readable YAML.</exception>
    public static void WriteTraining(Home home, TrainingOptions options) => WriteSection(home, "training", options, Json);

    /// <summary>Declares models and pipelines; the other sections stay.</summary>
    /// <exception cref="ConfigurationException">The file that is there is not readable YAML.</exception>
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
            root = YamlFile.Read(home.ConfigurationFile) ?? [];
        }
        catch (YamlException e)
        {
            throw Unusable(home, YamlFile.Words(e), e);
        }

        root.Children[new YamlScalarNode(name)] = YamlFile.ToYaml(JsonSerializer.SerializeToNode(value, json));
        string next = home.ConfigurationFile + ".next";
        using (StreamWriter writer = File.CreateText(next))
        {
            new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        }

        File.Move(next, home.ConfigurationFile, overwrite: true);
    }

    /// <summary>The JSON Schema of the file, for editors.</summary>
    public static JsonObject Schema() => SettingsSchema.Build(Json);

    /// <summary>What is wrong with a setting, without the names of types.</summary>
    private static string Words(string message, string setting, JsonNode? root)
    {
        string[] path = [.. Steps().Matches(setting).Select(step => step.Groups[step.Groups[1].Success ? 1 : 2].Value)];
        JsonObject schema = Schema();
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            string names = SettingsSchema.Names(SettingsSchema.At(schema, path[..^1]));
            return $"{setting} is not a setting; {(path.Length > 1 ? string.Join('.', path[..^1]) : "the file")} can have {names}.";
        }

        string wanted = SettingsSchema.Wanted(SettingsSchema.At(schema, path));
        JsonNode? value = path.Aggregate(root, (node, step) => node switch
        {
            JsonObject mapping => mapping[step],
            JsonArray list => list[int.Parse(step, CultureInfo.InvariantCulture)],
            _ => null,
        });
        return value is null ? $"{setting} is empty; give {wanted}." : $"{setting} is {value.ToJsonString()}; give {wanted}.";
    }

    private static ConfigurationException Unusable(Home home, string why, Exception? cause, string? setting = null) =>
        new(
            "bad_settings",
            $"The file {home.ConfigurationFile} cannot be used: {why}",
            "Mend the file, or delete it for the defaults.",
            cause)
        { Setting = setting };

    // A name, as it is or in brackets and quotes, or a place in a list.
    [GeneratedRegex(@"\['?([^'\]]+)'?\]|([^.\[\]]+)")]
    private static partial Regex Steps();
}
