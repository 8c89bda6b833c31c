using System.Text;

namespace Palate.Llm;

/// <summary>Compresses item texts, offline, for matching and for prompts: the title, then its telling words to a limit.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ItemRewriter
{
    private readonly RewriteOptions _options;
    private readonly CatalogRules? _rules;

    /// <summary>A rewriter.</summary>
    /// <param name="options">Stop words, synonyms and the limit.</param>
    /// <param name="rules">Where given, the rarest words of a text are kept instead of its first ones.</param>
    public ItemRewriter(RewriteOptions? options = null, CatalogRules? rules = null)
    {
        _options = options ?? new RewriteOptions();
        _options.Validate();
        _rules = rules;
    }

    /// <summary>The title, a full stop, and the kept words of the text in their order.</summary>
    public string Rewrite(string title, string text)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in RewriteWords.Of(text))
        {
            if (_rules is null && words.Count >= _options.ItemWords)
            {
                break;
            }

            string kept = _options.Synonyms.GetValueOrDefault(word, word);
            if (!_options.StopWords.Contains(word) && (seen.Add(kept) || !_options.DistinctItemWords))
            {
                words.Add(kept);
            }
        }

        if (_rules is not null && words.Count > _options.ItemWords)
        {
            // The rarest by document frequency, the earlier one of equals; then back into the text's order.
            words = [.. words.Select((word, at) => (word, at, Weight: _rules.Weight(word)))
                .OrderByDescending(word => word.Weight).ThenBy(word => word.at)
                .Take(_options.ItemWords).OrderBy(word => word.at).Select(word => word.word)];
        }

        var result = new StringBuilder(title).Append(". ");
        return result.AppendJoin(' ', words).ToString();
    }

    /// <summary>The candidate with its text compressed.</summary>
    public RerankCandidate Rewrite(RerankCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return candidate with { Text = Rewrite(candidate.Title, candidate.Text) };
    }
}
