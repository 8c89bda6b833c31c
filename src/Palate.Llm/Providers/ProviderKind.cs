namespace Palate.Llm;

/// <summary>What kind of server a model is behind.</summary>
public enum ProviderKind
{
    /// <summary>OpenAI.</summary>
    OpenAI,

    /// <summary>Azure OpenAI: the key goes into the header <c>api-key</c>.</summary>
    AzureOpenAI,

    /// <summary>vLLM.</summary>
    Vllm,

    /// <summary>Text Generation Inference.</summary>
    Tgi,

    /// <summary>Ollama.</summary>
    Ollama,

    /// <summary>The server of llama.cpp.</summary>
    LlamaCpp,

    /// <summary>Amazon Bedrock's endpoint that speaks the OpenAI format.</summary>
    BedrockOpenAI,

    /// <summary>Any other server that speaks the OpenAI format; nothing is sent that not every server knows.</summary>
    OpenAICompatible,

    /// <summary>Anthropic's Messages interface.</summary>
    Anthropic,

    /// <summary>Amazon Bedrock's Converse interface with an API key.</summary>
    BedrockConverse,
}
