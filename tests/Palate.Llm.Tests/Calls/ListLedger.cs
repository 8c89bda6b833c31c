namespace Palate.Llm.Tests;

/// <summary>A ledger that keeps every entry.</summary>
internal sealed class ListLedger : ILedger
{
    private readonly List<LedgerEntry> _entries = [];

    public IReadOnlyList<LedgerEntry> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(LedgerEntry entry)
    {
        lock (_entries)
        {
            _entries.Add(entry);
        }
    }

    public IReadOnlyList<LedgerTotal> Report(LedgerQuery query)
    {
        var ledger = new InMemoryLedger();
        foreach (LedgerEntry entry in Entries)
        {
            ledger.Add(entry);
        }

        return ledger.Report(query);
    }
}
