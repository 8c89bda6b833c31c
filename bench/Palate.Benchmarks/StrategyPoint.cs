namespace Palate.Benchmarks;

/// <summary>What a method reaches on a simulated judge, and what it takes, per request.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Ndcg">The mean NDCG@10.</param>
/// <param name="OverSliding">Less that of RankGPT's sliding window, on the same requests.</param>
/// <param name="Tokens">Of prompts and replies.</param>
/// <param name="PromptTokens">Of prompts alone.</param>
/// <param name="Shown">Candidates in all prompts.</param>
/// <param name="Named">Candidates in all replies.</param>
/// <param name="Calls">Calls.</param>
/// <param name="Depth">How many calls follow one another.</param>
internal sealed record StrategyPoint(
    string Method,
    double Ndcg,
    PairedDifference OverSliding,
    double Tokens,
    double PromptTokens,
    double Shown,
    double Named,
    double Calls,
    double Depth);
