namespace Palate.Llm;

/// <summary>What a field of a JSON reply holds, by its name.</summary>
internal enum ReplyKey
{
    /// <summary>Nothing that is looked for; possibly an alias.</summary>
    Other,

    /// <summary>The alias of a candidate.</summary>
    Id,

    /// <summary>A grade, or several.</summary>
    Grade,

    /// <summary>A reason, or several.</summary>
    Reason,

    /// <summary>One or more candidates as the answer.</summary>
    List,

    /// <summary>A candidate's place.</summary>
    Rank,

    /// <summary>The aspect to look at next.</summary>
    Next,

    /// <summary>Thoughts, or candidates that are not the answer.</summary>
    Skip,
}
