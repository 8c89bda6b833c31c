using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Simulation.Tests;

/// <summary>Prompts in the shape that Palate's templates have.</summary>
internal static class SimulationPrompts
{
    public static readonly string[] Items =
    [
        "[A] Kite coffee machine pro | category: kitchen | Brews strong coffee.",
        "[B] Norda wireless mouse mini | category: electronics | A cordless mouse.",
        "[C] Aster yoga mat | category: sport | Soft and long.",
        "[D] Orion gaming keyboard | category: electronics | Mechanical keys.",
    ];

    public static List<ChatMessage> Of(string query, string question, IEnumerable<string>? items = null, string history = "") =>
    [
        new(ChatRole.System, "You rank items for a user. Use the aliases, for example [A]."),
        new(ChatRole.User, $"""
            <history>
            {history}
            </history>
            <candidates>
            {string.Join('\n', items ?? Items)}
            </candidates>
            <query>{query}</query>
            <question>{question}</question>
            """),
    ];

    public static ChatOptions Schema(string property, string schema, int? seed = null) => new()
    {
        ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(
            "{\"type\":\"object\",\"properties\":{\"" + property + "\":" + schema + "},\"required\":[\"" + property + "\"]}")),
        Seed = seed,
    };

    public static ChatOptions Order(int? seed = null) =>
        Schema("order", """{"type":"array","items":{"type":"string"}}""", seed);

    public static string[] ReadOrder(string text) =>
        [.. JsonElement.Parse(text).GetProperty("order").EnumerateArray().Select(alias => alias.GetString()!)];
}
