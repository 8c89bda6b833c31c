namespace Palate.Llm;

/// <summary>Where candidates stand in the prompts of a request.</summary>
public enum PromptLayout
{
    /// <summary>The cheaper one of the two, by estimated tokens and the price of cached ones.</summary>
    Auto,

    /// <summary>Each prompt shows only its question's candidates, in the question's order, after what does not change.</summary>
    Own,

    /// <summary>
    /// All candidates of the request stand in the shared prefix once, in the base order; the question names aliases at the
    /// end, in its own order.
    /// </summary>
    Shared,
}
