namespace Palate.Benchmarks;

/// <summary>A request of the <see cref="NotebookWorld"/>.</summary>
/// <param name="Query">What was typed, in one of several ways of saying it.</param>
/// <param name="Intent">What was meant.</param>
/// <param name="Candidates">Item indices, best first by the base score.</param>
/// <param name="BaseScores">The base scores, in the order of the candidates.</param>
public sealed record NotebookRequest(
    string Query, string Intent, IReadOnlyList<int> Candidates, IReadOnlyList<float> BaseScores);
