namespace Palate.Llm;

/// <summary>Why a call to a model gave no reply.</summary>
public enum ModelCallFailure
{
    /// <summary>The reply was not there in time; the model may have worked, and may be paid, nevertheless.</summary>
    Timeout,

    /// <summary>The provider wants fewer calls or tokens a minute (429).</summary>
    RateLimited,

    /// <summary>The provider failed (5xx), or the reply stopped in the middle.</summary>
    Server,

    /// <summary>The key is missing, wrong, or may not use the model (401, 403).</summary>
    Rejected,

    /// <summary>The provider declined to answer such a prompt (content filter).</summary>
    Refused,

    /// <summary>The provider could not be reached, or the connection broke.</summary>
    Network,

    /// <summary>The request is wrong in itself: too long, or an unknown model or schema (400, 404, 413, 422).</summary>
    Invalid,

    /// <summary>The reply is no reply of this protocol.</summary>
    Malformed,

    /// <summary>The money or the tokens are spent; nothing was sent.</summary>
    Budget,

    /// <summary>The model has failed too often of late; nothing was sent.</summary>
    BreakerOpen,

    /// <summary>There is no place, or none before the deadline, under the limits of concurrency and rate; nothing was sent.</summary>
    Overloaded,
}
