namespace Palate.Llm;

/// <summary>Names what a grade depends on: who asks what, by which template and model, and the item's own text.</summary>
/// <remarks>Of one request; keys are made when they are first asked for.</remarks>
internal sealed class GradeKeys(RerankRequest request, PromptTemplate template, string model)
{
    private readonly string?[] _items = new string?[request.Candidates.Count];

    /// <summary>Everything but the item. A grade that was asked for without a reason does not answer for one with it.</summary>
    public string Context => field ??= GradeCache.ContextKey(
    [
        model,
        template.Hash(QuestionKind.Grade),
        request.Rationales ? "reasons" : null,
        request.Tenant,
        request.Query,
        request.Profile,
        request.Goal,
        .. request.History.SelectMany(entry => (string[])[entry.Title, FormattableString.Invariant($"{entry.Value}")]),

        // One more than pairs: it is nobody's history.
        .. request.QueryAdditions.Length > 0 ? [request.QueryAdditions] : Array.Empty<string>(),
    ]);

    /// <summary>What the prompt shows of a candidate.</summary>
    public string Item(int candidate)
    {
        RerankCandidate one = request.Candidates[candidate];
        return _items[candidate] ??= GradeCache.ContextKey(
        [
            one.Title,
            one.Text,
            .. one.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(pair => (IEnumerable<string>)[pair.Key, .. pair.Value, ""]),
        ]);
    }
}
