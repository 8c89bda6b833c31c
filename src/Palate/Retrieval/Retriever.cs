using System.Buffers;

namespace Palate;

/// <summary>The first stage: every source proposes, and Fusion merges.</summary>
/// <remarks>Immutable, therefore safe to use from any thread.</remarks>
internal sealed class Retriever
{
    private readonly ICandidateSource[] _sources;
    private readonly Fusion _fusion;
    private readonly int _perSource;

    /// <summary>A retriever over the given sources.</summary>
    /// <param name="sources">The sources, in the order in which provenance names them.</param>
    /// <param name="fusion">How their proposals are merged.</param>
    /// <param name="perSource">How many items each source may propose.</param>
    public Retriever(IReadOnlyList<ICandidateSource> sources, FusionOptions fusion, int perSource)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSource);
        _sources = [.. sources];
        _fusion = new Fusion([.. sources.Select(source => source.Name)], fusion);
        _perSource = perSource;
    }

    /// <summary>The sources, in the order in which provenance names them.</summary>
    public IReadOnlyList<ICandidateSource> Sources => _sources;

    /// <summary>The candidates of a request.</summary>
    public CandidateSet Retrieve(RetrievalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ScoredItem[] proposals = ArrayPool<ScoredItem>.Shared.Rent(_sources.Length * _perSource);
        try
        {
            Span<int> offsets = stackalloc int[_sources.Length + 1];
            int end = 0;
            for (int source = 0; source < _sources.Length; source++)
            {
                end += _sources[source].Propose(context, proposals.AsSpan(end, _perSource));
                offsets[source + 1] = end;
            }

            return _fusion.Merge(proposals.AsSpan(0, end), offsets);
        }
        finally
        {
            ArrayPool<ScoredItem>.Shared.Return(proposals);
        }
    }
}
