using System.Collections.Concurrent;
using HandlebarsDotNet;

namespace Palate.Llm;

/// <summary>A text with placeholders, compiled once for the process.</summary>
internal sealed class PromptText
{
    private static readonly IHandlebars Engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });

    // Compiling takes milliseconds and most templates share their texts. Bounded by the texts of the loaded files.
    private static readonly ConcurrentDictionary<string, PromptText> Known = new(StringComparer.Ordinal);

    private readonly HandlebarsTemplate<object, object> _compiled;

    private PromptText(string text) => _compiled = Engine.Compile(text);

    public static PromptText Of(string text) => Known.GetOrAdd(text, static text => new PromptText(text));

    /// <summary>The text with these values; an absent or empty value is false in a condition.</summary>
    public string Render(Dictionary<string, object> values) => _compiled(values);
}
