using System.Net;

namespace Palate.Llm;

/// <summary>A server gave no usable embeddings; the message says why and what to do, and never holds a key.</summary>
public sealed class EmbeddingException : Exception
{
    /// <summary>An error with its status, when there was an answer.</summary>
    public EmbeddingException(string message, HttpStatusCode? status = null, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>The HTTP status, or null when there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>How long the server asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later: no answer, too many requests, or a failing server.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or >= HttpStatusCode.InternalServerError;
}
