namespace Palate;

/// <summary>The codes of reasons: stable words that programs may compare, where the sentences may change.</summary>
public static class ReasonCode
{
    /// <summary>All that was asked was answered.</summary>
    public const string Complete = "complete";

    /// <summary>More questions would hardly have changed the top.</summary>
    public const string Settled = "settled";

    /// <summary>Some replies failed, could not be read, or left candidates out.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The deadline came.</summary>
    public const string Deadline = "deadline";

    /// <summary>There was time left, but too little for another call.</summary>
    public const string PredictedLate = "predicted_late";

    /// <summary>The request's tokens or money, or a limit on spending, were used up.</summary>
    public const string Budget = "budget";

    /// <summary>A limit on rounds or calls was reached.</summary>
    public const string Limit = "limit";

    /// <summary>The model cannot be reached, keeps failing, or is not loaded.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The re-ranker failed.</summary>
    public const string Failed = "failed";

    /// <summary>The re-ranker answered with what is no score per candidate.</summary>
    public const string InvalidAnswer = "invalid_answer";

    /// <summary>What was learned says that the judge does not help on such requests.</summary>
    public const string NotTrusted = "not_trusted";

    /// <summary>What was learned says that asking would hardly change this answer.</summary>
    public const string NotWorthAsking = "not_worth_asking";

    /// <summary>There was nothing to judge by: neither a query nor a history.</summary>
    public const string NothingToJudgeBy = "nothing_to_judge_by";

    /// <summary>The pipeline has no re-ranker.</summary>
    public const string NoReranker = "no_reranker";

    /// <summary>One candidate needs no order.</summary>
    public const string SingleCandidate = "single_candidate";

    /// <summary>No candidate was found, or the filters left none.</summary>
    public const string NoCandidates = "no_candidates";

    /// <summary>Nothing is known of the user, and nobody re-ranked.</summary>
    public const string ColdStart = "cold_start";
}
