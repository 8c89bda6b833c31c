namespace Palate.Llm;

/// <summary>How well a reply could be read.</summary>
public enum ReplyClass
{
    /// <summary>All that was asked for.</summary>
    Ok,

    /// <summary>Nothing in the wanted form.</summary>
    WrongFormat,

    /// <summary>Candidates were named more than once; the first naming counts.</summary>
    Repetition,

    /// <summary>Candidates were left out.</summary>
    Missing,

    /// <summary>Candidates were named that were not shown.</summary>
    Unknown,

    /// <summary>The model declined.</summary>
    Refusal,

    /// <summary>Nothing at all.</summary>
    Empty,

    /// <summary>The reply stopped in the middle.</summary>
    Truncated,
}
