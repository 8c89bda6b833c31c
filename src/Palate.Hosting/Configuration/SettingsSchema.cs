using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Palate.Hosting;

/// <summary>The JSON Schema of <c>palate.yaml</c>, made of the settings themselves: what editors complete and what errors name.</summary>
internal static class SettingsSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>The schema, with the descriptions that lie beside the assemblies.</summary>
    /// <param name="options">How settings are read.</param>
    public static JsonObject Build(JsonSerializerOptions options)
    {
        var summaries = new XmlSummaries();
        options.MakeReadOnly(populateMissingResolver: true);
        var exporter = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, options, summaries),
        };
        var schema = (JsonObject)options.GetJsonSchemaAsNode(typeof(HomeSettings), exporter);
        schema.Insert(0, "$schema", Dialect);
        schema.Insert(1, "title", "palate.yaml");
        return schema;
    }

    /// <summary>The part of a schema that a setting has to fit.</summary>
    /// <param name="schema">The whole schema.</param>
    /// <param name="path">Names, and places in lists.</param>
    /// <returns>Null when no such setting is read.</returns>
    public static JsonObject? At(JsonObject schema, IEnumerable<string> path)
    {
        JsonObject? node = schema;
        foreach (string step in path)
        {
            node = Follow(schema, node is null ? null
                : node["properties"]?[step] ?? node["additionalProperties"] as JsonObject ?? node["items"]);
        }

        return node;
    }

    /// <summary>What a part of a schema wants, to complete "give".</summary>
    public static string Wanted(JsonObject? node)
    {
        if (node?["enum"] is JsonArray words)
        {
            return string.Join(", ", words.Where(word => word is not null).Select(word => word!.GetValue<string>()));
        }

        string[] types = node?["type"] switch
        {
            JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        return types.FirstOrDefault(type => type != "null") switch
        {
            "boolean" => "true or false",
            "integer" => "a whole number",
            "number" => "a number",
            "string" => "a text",
            "array" => "a list",
            "object" when Names(node) is { Length: > 0 } names => $"a mapping with any of {names}",
            "object" => "a mapping of names",
            _ => "something else",
        };
    }

    /// <summary>The names that a part of a schema knows, with commas between.</summary>
    public static string Names(JsonObject? node) =>
        node?["properties"] is JsonObject properties ? string.Join(", ", properties.Select(property => property.Key)) : "";

    private static JsonObject? Follow(JsonObject schema, JsonNode? node)
    {
        while (node is JsonObject { } part && part["$ref"]?.GetValue<string>() is { } pointer)
        {
            node = pointer.Split('/').Skip(1).Aggregate((JsonNode?)schema, (at, name) => at?[name]);
        }

        return node as JsonObject;
    }

    private static JsonNode Describe(
        JsonSchemaExporterContext context, JsonNode node, JsonSerializerOptions options, XmlSummaries summaries)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        // Numbers are read from texts, too, but nobody should write them so.
        if (schema["type"] is JsonArray types && types.Any(IsNumber) && types.FirstOrDefault(IsText) is { } text)
        {
            types.Remove(text);
            schema.Remove("pattern");
            schema["type"] = types.Count == 1 ? types[0]!.DeepClone() : types.DeepClone();
        }

        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property)
        {
            if (summaries.Of(property) is { } summary)
            {
                schema["description"] = summary;
            }

            if (!schema.ContainsKey("$ref") && Default(property) is { } value
                && JsonSerializer.SerializeToNode(value, value.GetType(), options) is JsonValue simple
                && value is not "")
            {
                schema["default"] = simple;
            }
        }

        return schema;
    }

    private static bool IsNumber(JsonNode? type) => type?.GetValue<string>() is "integer" or "number";

    private static bool IsText(JsonNode? type) => type?.GetValue<string>() == "string";

    private static object? Default(PropertyInfo property) => property.DeclaringType!.GetConstructor([]) is { } make
        ? property.GetValue(make.Invoke([]))
        : null;
}
