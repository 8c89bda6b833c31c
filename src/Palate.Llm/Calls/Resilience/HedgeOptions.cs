namespace Palate.Llm;

/// <summary>When a second call races a slow first one.</summary>
public sealed class HedgeOptions
{
    /// <summary>After how long without a reply (streamed: without its first piece) the second call is sent.</summary>
    /// <value>The default is 1 second. Above 0.</value>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gives the wait for each call in place of <see cref="After"/>, for example a high quantile of a latency model;
    /// null for that fixed one.
    /// </summary>
    public Func<CallContext, TimeSpan>? Wait { get; init; }

    /// <summary>At most this share of the calls is hedged, 0 to 1, so that a slow model is not asked twice as much.</summary>
    /// <value>The default is 0.1.</value>
    public double MostShare { get; init; } = 0.1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(After, TimeSpan.Zero);
        if (MostShare is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(MostShare), MostShare, "MostShare must be from 0 to 1.");
        }
    }
}
