namespace Palate.Llm;

/// <summary>Rewrites queries by rules: normalise, leave out stop words, replace synonyms, expand, each word once.</summary>
/// <remarks>The same query always gives the same rewriting. Takes microseconds. Thread-safe.</remarks>
public sealed class QueryRewriter : IQueryRewriter
{
    private readonly RewriteOptions _options;
    private readonly CatalogRules? _rules;

    /// <summary>A rewriter with given rules, and with those learned from a catalog after them.</summary>
    public QueryRewriter(RewriteOptions? options = null, CatalogRules? rules = null)
    {
        _options = options ?? new RewriteOptions();
        _options.Validate();
        _rules = rules;
    }

    /// <summary>The rewritten query; the query itself when no word of it is left.</summary>
    public string Rewrite(string? query)
    {
        var words = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in RewriteWords.Of(query))
        {
            if (words.Count >= _options.QueryWords)
            {
                break;
            }

            if (!_options.StopWords.Contains(word))
            {
                Add(_options.Synonyms.GetValueOrDefault(word, word));
            }
        }

        foreach (QueryExpansion expansion in _options.Expansions)
        {
            if (seen.Contains(expansion.When) && !seen.Contains(expansion.Unless ?? expansion.Add[0]) &&
                (expansion.Chance >= 1 || Coin(query!, expansion) < expansion.Chance))
            {
                foreach (string word in expansion.Add)
                {
                    Add(word);
                }
            }
        }

        if (_rules is not null)
        {
            foreach (string word in words.ToArray())
            {
                foreach (string more in _rules.Expand(word))
                {
                    Add(more);
                }
            }
        }

        return words.Count > 0 ? string.Join(' ', words) : query ?? "";

        void Add(string word)
        {
            if (words.Count < _options.QueryWords && seen.Add(word))
            {
                words.Add(word);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<RewrittenQuery> RewriteAsync(RewriteContext context, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        stop.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new RewrittenQuery(Rewrite(context.Query), "rules"));
    }

    // Uniform in [0, 1): FNV-1a over the query and the rule, finished as SplitMix64 does.
    private double Coin(string query, QueryExpansion expansion)
    {
        ulong hash = 14695981039346656037 ^ _options.Seed;
        foreach (string text in (ReadOnlySpan<string>)[query, expansion.When])
        {
            foreach (char unit in text)
            {
                hash = (hash ^ unit) * 1099511628211;
            }
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
