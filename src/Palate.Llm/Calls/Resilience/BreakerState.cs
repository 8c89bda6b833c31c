namespace Palate.Llm;

/// <summary>Whether a model is asked at all, after what happened of late.</summary>
public enum BreakerState
{
    /// <summary>It is asked.</summary>
    Closed = 0,

    /// <summary>One call is let through to see whether it works again.</summary>
    HalfOpen = 1,

    /// <summary>It is not asked.</summary>
    Open = 2,
}
