namespace Palate;

/// <summary>What sources are fitted on.</summary>
/// <param name="Data">The catalog and the interactions.</param>
/// <param name="Options">The options of all sources.</param>
/// <param name="Texts">What was learned from the texts, or null.</param>
/// <param name="UseTexts">Whether texts are read.</param>
/// <param name="Stop">Cancels.</param>
internal sealed record SourceFit(
    TrainingData Data, SourceOptions Options, TextModels? Texts, bool UseTexts, CancellationToken Stop)
{
    /// <summary>Users by items.</summary>
    public InteractionMatrix Matrix => Data.Matrix;

    /// <summary>Whether the catalog is small enough for an items x items matrix.</summary>
    public bool IsDense => Data.Matrix.Columns <= Options.MaxDenseItems;
}
