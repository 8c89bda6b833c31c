namespace Palate.Llm;

/// <summary>By what a report adds up.</summary>
[Flags]
public enum LedgerGrouping
{
    /// <summary>One sum of all.</summary>
    None = 0,

    /// <summary>By day, UTC.</summary>
    Day = 1,

    /// <summary>By pipeline.</summary>
    Pipeline = 2,

    /// <summary>By variant.</summary>
    Variant = 4,

    /// <summary>By model.</summary>
    Model = 8,

    /// <summary>By tenant.</summary>
    Tenant = 16,

    /// <summary>By what the calls were for.</summary>
    Purpose = 32,
}
