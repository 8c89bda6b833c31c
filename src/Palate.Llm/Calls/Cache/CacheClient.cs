using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Answers from the cache what was answered before.</summary>
/// <remarks>A streamed reply is kept when its reader has read it to the end.</remarks>
internal sealed class CacheClient(IChatClient inner, ReplyCache cache) : DelegatingChatClient(inner)
{
    private readonly string _defaultModel = RequestKey.ModelOf(null, inner);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        CallContext context = CallContext.Of(options);
        string? key = KeyOf(messages, options, context);
        if (key is not null && !context.NoCache && await cache.Get(key, cancellationToken) is { } reply)
        {
            return reply.ToResponse(cached: true);
        }

        ChatResponse response = await InnerClient.GetResponseAsync(messages, options, cancellationToken);
        if (key is not null && !context.NoStore)
        {
            cache.Put(key, response);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CallContext context = CallContext.Of(options);
        string? key = KeyOf(messages, options, context);
        if (key is not null && !context.NoCache && await cache.Get(key, cancellationToken) is { } reply)
        {
            foreach (ChatResponseUpdate update in reply.ToUpdates(cached: true))
            {
                yield return update;
            }

            yield break;
        }

        List<ChatResponseUpdate>? updates = key is not null && !context.NoStore ? [] : null;
        await foreach (ChatResponseUpdate update in
            InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates?.Add(update);
            yield return update;
        }

        if (key is not null && updates is not null)
        {
            cache.Put(key, Whole(updates));
        }
    }

    // First tokens come with one of the pieces; putting pieces together keeps the properties of all.
    internal static ChatResponse Whole(List<ChatResponseUpdate> updates) => updates.ToChatResponse();

    private string? KeyOf(IEnumerable<ChatMessage> messages, ChatOptions? options, CallContext context) =>
        context is { NoCache: true, NoStore: true }
            ? null
            : RequestKey.Of(messages, options, _defaultModel, withTenant: true);
}
