namespace Palate.Llm;

/// <summary>Which rerank interface a server has.</summary>
public enum RerankApiKind
{
    /// <summary>Cohere's second: <c>POST /v2/rerank</c>.</summary>
    Cohere,

    /// <summary>Jina's: <c>POST /v1/rerank</c>.</summary>
    Jina,

    /// <summary>Text Embeddings Inference's: <c>POST /rerank</c> with <c>texts</c>.</summary>
    Tei,

    /// <summary>vLLM's: <c>POST /v1/rerank</c>.</summary>
    Vllm,
}
