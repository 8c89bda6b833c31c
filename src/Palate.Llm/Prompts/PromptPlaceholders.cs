using System.Text.RegularExpressions;

namespace Palate.Llm;

/// <summary>Checks the part of Handlebars that templates may use: values, and if/else over values.</summary>
internal static partial class PromptPlaceholders
{
    /// <summary>The text, when it has every needed placeholder, only known ones, and all are closed.</summary>
    /// <exception cref="PromptException">It has not.</exception>
    public static string Check(string file, string field, string? text, string[] known, params string[] needed)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new PromptException(file, field, "it is missing.", $"Add '{field}': a text.");
        }

        int open = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string rest = Placeholder().Replace(
            text,
            match =>
            {
                string word = match.Groups["word"].Value;
                string name = match.Groups["name"].Value;
                open += word switch { "#if" => 1, "/if" => -1, _ => 0 };
                bool valid = word is "/if" or "else" ? name.Length == 0 && open >= (word == "else" ? 1 : 0)
                    : (word == "#if" ? name : word) is var value && (word == "#if" || name.Length == 0) && known.Contains(value);
                if (!valid)
                {
                    throw new PromptException(
                        file, field, $"unknown placeholder {match.Value}.",
                        known.Length == 0 ? "This field has no placeholders; remove it."
                            : $"Use {string.Join(", ", known)}, alone or in {{{{#if}}}}...{{{{else}}}}...{{{{/if}}}}.");
                }

                if (word is not ("#if" or "/if" or "else"))
                {
                    seen.Add(word);
                }

                return "";
            });
        if (open != 0 || rest.Contains("{{", StringComparison.Ordinal) ||
            (known.Length > 0 && rest.Contains("}}", StringComparison.Ordinal)))
        {
            throw new PromptException(
                file, field, "a {{ or an {{#if}} is not closed.", "Close each with }} and each {{#if}} with {{/if}}.");
        }

        foreach (string name in needed)
        {
            if (!seen.Contains(name))
            {
                throw new PromptException(file, field, $"{{{{{name}}}}} is missing.", "Add it: without it the question cannot be put.");
            }
        }

        return text;
    }

    [GeneratedRegex(@"\{\{\{?\s*(?<word>[^\s{}]+)(\s+(?<name>[^\s{}]+))?\s*\}?\}\}")]
    private static partial Regex Placeholder();
}
