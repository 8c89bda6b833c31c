using System.Collections.Concurrent;
using HandlebarsDotNet;

namespace Palate.Llm;

/// <summary>A text with placeholders, evaluated by Handlebars once for each set of values that are there.</summary>
/// <remarks>
/// A template may only show values and ask whether they are there (<see cref="PromptFile"/> sees to it), so what Handlebars
/// makes of it depends on nothing but which values are empty. For each such set it is run once, with marks for values;
/// from then on a rendering is a concatenation: a twentieth of a microsecond instead of ten.
/// </remarks>
internal sealed class PromptText
{
    private const char Open = '\u0001';

    private static readonly IHandlebars Engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });

    // Compiling takes milliseconds and most templates share their texts. Bounded by the texts of the loaded files.
    private static readonly ConcurrentDictionary<(string Text, string Names), PromptText> Known = [];

    private readonly string[] _names;
    private readonly Lazy<HandlebarsTemplate<object, object>> _compiled;
    private readonly string[]?[] _parts;

    private PromptText(string text, string[] names)
    {
        _names = names;
        _compiled = new Lazy<HandlebarsTemplate<object, object>>(() => Engine.Compile(text));
        _parts = new string[]?[1 << names.Length];
    }

    /// <summary>The text, whose placeholders have these names.</summary>
    public static PromptText Of(string text, params string[] names) =>
        Known.GetOrAdd(
            (text, string.Join(' ', names)), static (key, names) => new PromptText(key.Text, names), names);

    /// <summary>The text with values, in the order of the names; an empty one counts as not there.</summary>
    public string Render(params ReadOnlySpan<string?> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _names.Length);
        int mask = 0;
        for (int i = 0; i < values.Length; i++)
        {
            mask |= string.IsNullOrEmpty(values[i]) ? 0 : 1 << i;
        }

        string[] parts = _parts[mask] ??= Parts(mask);
        var filled = new string[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            filled[i] = part.Length == 2 && part[0] == Open ? values[part[1]]! : part;
        }

        return string.Concat(filled);
    }

    // Literal pieces, and for each value a piece of two characters: the mark and the value's number.
    private string[] Parts(int mask)
    {
        var marks = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int i = 0; i < _names.Length; i++)
        {
            marks[_names[i]] = (mask & (1 << i)) != 0 ? $"{Open}{(char)i}" : "";
        }

        string text = _compiled.Value(marks);
        var parts = new List<string>();
        int from = 0;
        for (int at = text.IndexOf(Open); at >= 0; at = text.IndexOf(Open, from))
        {
            if (at > from)
            {
                parts.Add(text[from..at]);
            }

            parts.Add(text.Substring(at, 2));
            from = at + 2;
        }

        if (from < text.Length)
        {
            parts.Add(text[from..]);
        }

        return [.. parts];
    }
}
