namespace Palate.Llm;

/// <summary>After how long a limit of money is whole again; periods begin on the hour, at midnight or on the first, UTC.</summary>
public enum SpendPeriod
{
    /// <summary>Every hour.</summary>
    Hour,

    /// <summary>Every day.</summary>
    Day,

    /// <summary>Every month.</summary>
    Month,
}
