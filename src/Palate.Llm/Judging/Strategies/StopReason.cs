namespace Palate.Llm;

/// <summary>Why asking ended.</summary>
public enum StopReason
{
    /// <summary>The strategy had nothing left to ask.</summary>
    Done,

    /// <summary>More questions would hardly have changed the top.</summary>
    Settled,

    /// <summary>Time ran out.</summary>
    Deadline,

    /// <summary>There was time left, but no further call was expected back in it.</summary>
    PredictedLate,

    /// <summary>The request's tokens were used up, or the next prompt did not fit them.</summary>
    Tokens,

    /// <summary>The request's money, or a spend limit, was used up.</summary>
    Money,

    /// <summary>The model cannot be reached or keeps failing.</summary>
    Unavailable,

    /// <summary>A limit on rounds or calls was reached.</summary>
    Bounds,
}
