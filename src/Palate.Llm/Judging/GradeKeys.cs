using System.Security.Cryptography;
using System.Text;

namespace Palate.Llm;

/// <summary>Names what a grade depends on: who asks what, by which template and model, and the item's own text.</summary>
/// <remarks>Of one request; keys are made when they are first asked for.</remarks>
internal sealed class GradeKeys(RerankRequest request, PromptTemplate template, string model)
{
    private readonly string?[] _items = new string?[request.Candidates.Count];
    private string? _context;

    /// <summary>Everything but the item.</summary>
    public string Context => _context ??= Hash(text =>
    {
        text.Append(model).Append('\n').Append(template.Hash(QuestionKind.Grade)).Append('\n').Append(request.Tenant).Append('\n')
            .Append(request.Query).Append('\n').Append(request.Profile).Append('\n').Append(request.Goal).Append('\n');
        foreach (HistoryEntry entry in request.History)
        {
            text.Append(entry.Title).Append('\t').Append(FormattableString.Invariant($"{entry.Value}")).Append('\n');
        }
    });

    /// <summary>What the prompt shows of a candidate.</summary>
    public string Item(int candidate) => _items[candidate] ??= Hash(text =>
    {
        RerankCandidate one = request.Candidates[candidate];
        text.Append(one.Title).Append('\n').Append(one.Text).Append('\n');
        foreach ((string name, IReadOnlyList<string> values) in one.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('=').AppendJoin('\t', values).Append('\n');
        }
    });

    private static string Hash(Action<StringBuilder> write)
    {
        var text = new StringBuilder();
        write(text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
