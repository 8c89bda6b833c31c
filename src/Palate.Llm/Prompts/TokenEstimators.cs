using System.Collections.Concurrent;

namespace Palate.Llm;

/// <summary>One token estimator for each family of models, shared by all that ask them. Thread-safe.</summary>
public sealed class TokenEstimators
{
    private readonly ConcurrentDictionary<string, TokenEstimator> _byFamily = new(StringComparer.Ordinal);

    /// <summary>The estimator of a model's family.</summary>
    /// <param name="model">The model's name as it is sent.</param>
    public TokenEstimator For(string model) =>
        _byFamily.GetOrAdd(TokenEstimator.FamilyOf(model), static family => new TokenEstimator(family));
}
