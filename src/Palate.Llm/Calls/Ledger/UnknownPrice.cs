namespace Palate.Llm;

/// <summary>What to do with a model that the price map does not have.</summary>
public enum UnknownPrice
{
    /// <summary>Refuse it: at start when it is the client's model, else when it is first asked for.</summary>
    Refuse,

    /// <summary>Call it, and count the call on the ledger as one without a price.</summary>
    CountAsUnpriced,
}
