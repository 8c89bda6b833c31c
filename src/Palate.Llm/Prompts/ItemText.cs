using System.Text;

namespace Palate.Llm;

/// <summary>One candidate as one line, fitted to a number of tokens: title, then attributes, then text.</summary>
internal static class ItemText
{
    private const int MaxValues = 8;

    // Of a candidate that is shown briefly: title, then values of attributes without their names, and text only where there
    // are none.
    private const int BriefTokens = 32;

    public static string Line(RerankCandidate candidate, PromptOptions options, PromptText template, bool isBrief = false)
    {
        int left = isBrief ? Math.Min(BriefTokens, options.ItemTokens) : options.ItemTokens;
        string title = TextFence.Clean(candidate.Title, left, out int used);
        left -= used;
        string facts = Facts(candidate, options, isBrief, ref left);
        string text = left > 2 && !SameAsTitle(candidate) && !(isBrief && facts.Length > 0) ? TextFence.Clean(candidate.Text, left) : "";
        return template.Render(title.Length > 0 ? title : "(no title)", facts, text);
    }

    private static bool SameAsTitle(RerankCandidate candidate) =>
        string.Equals(candidate.Title, candidate.Text, StringComparison.Ordinal);

    // The names that the options give, or all in ordinal order: a dictionary's own order is nobody's promise.
    private static string Facts(RerankCandidate candidate, PromptOptions options, bool isBrief, ref int left)
    {
        if (candidate.Attributes.Count == 0)
        {
            return "";
        }

        IEnumerable<string> names = options.Attributes.Count > 0
            ? options.Attributes
            : candidate.Attributes.Keys.Order(StringComparer.Ordinal);
        var facts = new StringBuilder();
        foreach (string name in names)
        {
            if (!candidate.Attributes.TryGetValue(name, out IReadOnlyList<string>? values) || values.Count == 0)
            {
                continue;
            }

            int labelTokens = 0;
            string label = isBrief ? "" : TextFence.Clean(name, 8, out labelTokens) + ": ";
            string value = Values(values, left - labelTokens - (isBrief ? 1 : 2), out int valueTokens);
            if (value.Length == 0)
            {
                break;
            }

            left -= labelTokens + valueTokens + (isBrief ? 1 : 2);
            facts.Append(facts.Length > 0 ? "; " : "").Append(label).Append(value);
        }

        return facts.ToString();
    }

    // Each on its own, so that a value of megabytes is not copied to be cut.
    private static string Values(IReadOnlyList<string> values, int tokens, out int used)
    {
        string all = TextFence.Clean(values[0], tokens, out used);
        for (int i = 1; i < Math.Min(values.Count, MaxValues); i++)
        {
            string next = TextFence.Clean(values[i], tokens - used - 1, out int more);
            if (next.Length == 0)
            {
                break;
            }

            used += more + 1;
            all = string.Concat(all, ", ", next);
        }

        return all;
    }
}
