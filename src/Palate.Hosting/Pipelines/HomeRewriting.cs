using System.Runtime.CompilerServices;
using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>What rewrites the queries of a home's pipelines.</summary>
internal sealed class HomeRewriting(Home home, HomeModels models, TimeProvider time)
{
    // Pipelines of one generation share what its catalog teaches.
    private readonly ConditionalWeakTable<Generation, CatalogRules> _rules = [];

    /// <summary>Makes a pipeline's rewriter for a generation; null when the pipeline has none.</summary>
    /// <exception cref="ConfigurationException">Its model is missing.</exception>
    /// <exception cref="ArgumentException">A setting is out of its limits.</exception>
    public Func<Generation, IQueryRewriter>? Of(RewritingSettings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var options = new RewriteOptions
        {
            Synonyms = settings.Synonyms.ToDictionary(pair => Lower(pair.Key), pair => Lower(pair.Value), StringComparer.Ordinal),
            Expansions =
            [
                .. settings.Expansions.Select(pair => new QueryExpansion(Lower(pair.Key), [.. pair.Value.Select(Lower)])),
            ],
        };
        options.Validate();
        if (settings.Model is not { } name)
        {
            return generation => Rules(generation);
        }

        ModelConnection model = models.Connect(name);
        var asking = new ModelRewriteOptions
        {
            Timeout = TimeSpan.FromMilliseconds(settings.TimeoutMs),
            Tokens = settings.Tokens,
            MicroDollars = (long)(settings.Dollars * 1_000_000m),
        };
        asking.Validate();
        return generation => new ModelQueryRewriter(model, Rules(generation), asking, time);

        QueryRewriter Rules(Generation generation) => new(
            options, settings.Rules == RewritingRules.Catalog ? _rules.GetValue(generation, one => CatalogRulesFile.Of(home, one)) : null);
    }

    private static string Lower(string word) => word.ToLowerInvariant();
}
