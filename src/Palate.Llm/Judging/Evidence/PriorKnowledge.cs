using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>What is known before the first judgment: the same for all requests whose bases have the same normal scores.</summary>
/// <remarks>Normal scores depend on the number of candidates and on ties alone, so a few answers serve nearly all requests.</remarks>
internal sealed class PriorKnowledge
{
    // A power of two. Each holds some numbers for every candidate.
    private const int Kept = 64;

    private static readonly PriorKnowledge?[] Known = new PriorKnowledge?[Kept];

    private readonly double[] _scores;
    private readonly EvidenceOptions _options;
    private readonly int _top;
    private readonly IReadOnlyList<int> _order;
    private TopDraws? _draws;

    private PriorKnowledge(double[] scores, IReadOnlyList<int> order, int top, EvidenceOptions options)
    {
        _scores = scores;
        _order = order;
        _top = top;
        _options = options;
        Posterior = Posterior.Of(scores, [], options);
    }

    /// <summary>What is known of the utilities.</summary>
    public Posterior Posterior { get; }

    /// <summary>Utilities drawn from that.</summary>
    public TopDraws Draws => _draws ??= new TopDraws(Posterior, _order, _top);

    /// <summary>What is known of candidates with these normal scores.</summary>
    /// <param name="scores">The normal score of each candidate.</param>
    /// <param name="order">The base ranking that they follow from.</param>
    /// <param name="top">How many places matter.</param>
    /// <param name="options">What was believed before.</param>
    public static PriorKnowledge Of(double[] scores, IReadOnlyList<int> order, int top, EvidenceOptions options)
    {
        var hash = new HashCode();
        hash.Add(top);
        hash.AddBytes(MemoryMarshal.AsBytes(scores.AsSpan()));
        ref PriorKnowledge? slot = ref Known[hash.ToHashCode() & (Kept - 1)];
        PriorKnowledge? known = Volatile.Read(ref slot);
        if (known is null || known._top != top || !known._scores.AsSpan().SequenceEqual(scores) || known._options != options)
        {
            known = new PriorKnowledge(scores, order, top, options);
            Volatile.Write(ref slot, known);
        }

        return known;
    }
}
