namespace Palate.Llm;

/// <summary>Why a walk over the graph ended.</summary>
public enum GraphEnd
{
    /// <summary>It was led to the node Stop.</summary>
    Stopped,

    /// <summary>It had as many steps as it may have.</summary>
    Steps,

    /// <summary>A step brought an order that was there already.</summary>
    NoChange,

    /// <summary>A reply named a node that there is not, or none.</summary>
    UnknownNode,

    /// <summary>The pool of results was full.</summary>
    PoolFull,

    /// <summary>There are fewer than two candidates.</summary>
    NothingToOrder,
}
