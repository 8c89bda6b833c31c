namespace Palate.Llm;

/// <summary>Where every call to a model is written down.</summary>
/// <remarks>Safe to use from any thread. What was added is in every report that is asked for afterwards.</remarks>
public interface ILedger
{
    /// <summary>Writes a call down; quick, and never throws for reasons of the store.</summary>
    void Add(LedgerEntry entry);

    /// <summary>Sums, ordered by day, pipeline, variant, model, tenant and purpose.</summary>
    IReadOnlyList<LedgerTotal> Report(LedgerQuery query);
}
