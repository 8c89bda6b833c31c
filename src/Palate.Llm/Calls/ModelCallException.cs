using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A call to a model gave no reply; the message says why and what to do, and never holds a key or a prompt.</summary>
public class ModelCallException : Exception
{
    /// <summary>A failed call.</summary>
    /// <param name="kind">Why it failed.</param>
    /// <param name="message">What was wrong and what to do, without secrets and without the prompt.</param>
    /// <param name="retryAfter">How long the provider asked to wait; null when it did not say.</param>
    /// <param name="inner">The cause, or null.</param>
    public ModelCallException(
        ModelCallFailure kind, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        RetryAfter = retryAfter;
    }

    /// <summary>Why it failed.</summary>
    public ModelCallFailure Kind { get; }

    /// <summary>How long the provider asked to wait before the next call; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What the provider nevertheless bills, as it reported it; null when it did not say.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>Whether this process ended the call because its time was up.</summary>
    internal bool IsCut { get; init; }

    /// <summary>Whether the request never left this process, so that it cannot have cost anything.</summary>
    public bool NothingSent => Kind is ModelCallFailure.Budget or ModelCallFailure.BreakerOpen
        or ModelCallFailure.Overloaded;
}
