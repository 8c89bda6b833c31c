namespace Palate;

/// <summary>One setting that was tried, and how it did on the validation part of the training data.</summary>
/// <param name="Stage">What was tuned: a source's name, or <c>ranker</c>.</param>
/// <param name="Setting">The setting in words, for example <c>regularization=20</c>.</param>
/// <param name="Ndcg">The mean NDCG@10 over the users with something held out, over all carve-outs.</param>
/// <param name="Chosen">Whether the setting was kept.</param>
public sealed record TuningTrial(string Stage, string Setting, double Ndcg, bool Chosen);
