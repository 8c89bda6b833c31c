namespace Palate;

/// <summary>The candidates of a request, and what they were found by.</summary>
/// <param name="Candidates">The candidates, merged.</param>
/// <param name="By">What the proposing sources went by.</param>
internal sealed record Retrieved(CandidateSet Candidates, RetrievedBy By);
