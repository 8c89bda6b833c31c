namespace Palate.Llm;

/// <summary>Who orders, and who says where to go.</summary>
public enum GraphExecution
{
    /// <summary>The model only says where to go and how strongly; shapers order.</summary>
    Algorithm,

    /// <summary>The model orders and says where to go, as LLM4Rerank does.</summary>
    Model,

    /// <summary>Rules say where to go and shapers order; no call is made.</summary>
    Rules,
}
