using System.Text.Json;

namespace Palate.Llm;

/// <summary>How one kind of question is put and answered: a file of its own, used by every template.</summary>
internal sealed class PromptForm
{
    public required QuestionKind Kind { get; init; }

    public required string Source { get; init; }

    /// <summary>The file's text, which the hash covers.</summary>
    public required string Content { get; init; }

    public required string Instruction { get; init; }

    public required string Reply { get; init; }

    /// <summary>As <see cref="Reply"/>, with reasons; null where the form has no room for any.</summary>
    public string? ReplyReasons { get; init; }

    public string Example { get; init; } = "";

    public required string Question { get; init; }

    public required GradeScale Scale { get; init; }

    /// <summary>Tokens of a reply without its entries.</summary>
    public required int BaseTokens { get; init; }

    /// <summary>Tokens of one entry of a reply.</summary>
    public required int EachTokens { get; init; }

    /// <summary>How many first tokens the provider is asked to report.</summary>
    public int FirstTokens { get; init; }

    public JsonElement? Schema { get; init; }

    public JsonElement? SchemaReasons { get; init; }
}
