namespace Palate;

/// <summary>What a tuning found: the best options, and everything that was tried on the way.</summary>
/// <param name="DataHash">The data that were tuned on.</param>
/// <param name="Seed">The seed of the carve-outs.</param>
/// <param name="Options">The options to train with.</param>
/// <param name="Trials">Every trial, in its order.</param>
public sealed record TuningReport(
    string DataHash, ulong Seed, TrainingOptions Options, IReadOnlyList<TuningTrial> Trials);
