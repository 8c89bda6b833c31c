namespace Palate.Llm;

/// <summary>What may be said in an answer of a failed call: its kind, and nothing that a provider or an exception wrote.</summary>
internal static class ModelFailureText
{
    /// <summary>Half a sentence about a kind of failure.</summary>
    public static string Of(ModelCallFailure failure) => failure switch
    {
        ModelCallFailure.Timeout => "no answer came in time",
        ModelCallFailure.RateLimited => "the provider asked for fewer calls",
        ModelCallFailure.Server => "the provider failed",
        ModelCallFailure.Rejected => "the provider did not accept the key",
        ModelCallFailure.Refused => "the provider declined to answer",
        ModelCallFailure.Network => "the provider could not be reached",
        ModelCallFailure.Invalid => "the provider did not accept the request",
        ModelCallFailure.Malformed => "the reply could not be read",
        ModelCallFailure.Budget => "the money or the tokens are used up",
        ModelCallFailure.BreakerOpen => "it failed too often of late",
        ModelCallFailure.Overloaded => "too many calls are under way",
        _ => "the call failed",
    };

    /// <summary>Half a sentence about whatever was thrown.</summary>
    public static string Of(Exception failure) =>
        failure is ModelCallException call ? Of(call.Kind) : $"the call failed ({failure.GetType().Name})";
}
