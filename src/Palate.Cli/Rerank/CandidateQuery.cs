using Palate.Llm;

namespace Palate.Cli;

/// <summary>A query with its candidates, as <c>palate rerank</c> reads them.</summary>
/// <param name="Id">The query's id, for TREC runs.</param>
/// <param name="Query">What was asked; null when nothing was.</param>
/// <param name="Candidates">Best first by the base score.</param>
internal sealed record CandidateQuery(string Id, string? Query, IReadOnlyList<RerankCandidate> Candidates);
