using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Lets calls wait their turn.</summary>
internal sealed class LimitClient(IChatClient inner, CallLimiter limiter) : DelegatingChatClient(inner)
{
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(CallLimiter) ? limiter : base.GetService(serviceType, serviceKey);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        CallContext context = CallContext.Of(options);
        long tokens = TokensOf(context, options);
        await limiter.Enter(tokens, context.Deadline, cancellationToken);
        long? used = null;
        TimeSpan? pause = null;
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(messages, options, cancellationToken);
            used = CallUsage.From(response.Usage)?.Tokens;
            return response;
        }
        catch (ModelCallException e)
        {
            (used, pause) = Read(e);
            throw;
        }
        finally
        {
            limiter.Leave(tokens, used, pause);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CallContext context = CallContext.Of(options);
        long tokens = TokensOf(context, options);
        await limiter.Enter(tokens, context.Deadline, cancellationToken);
        long? used = null;
        TimeSpan? pause = null;
        try
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient
                .GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (ModelCallException e)
                {
                    (used, pause) = Read(e);
                    throw;
                }

                IList<AIContent> contents = updates.Current.Contents;
                for (int at = 0; at < contents.Count; at++)
                {
                    if (contents[at] is UsageContent usage && CallUsage.From(usage.Details) is { } part)
                    {
                        used = (used ?? 0) + part.Tokens;
                    }
                }

                yield return updates.Current;
            }
        }
        finally
        {
            limiter.Leave(tokens, used, pause);
        }
    }

    private static (long? Used, TimeSpan? Pause) Read(ModelCallException e) => (
        e.NothingSent ? 0 : CallUsage.From(e.Usage)?.Tokens,
        e.Kind == ModelCallFailure.RateLimited ? e.RetryAfter : null);

    private static long TokensOf(CallContext context, ChatOptions? options) =>
        context.EstimatedTokens + (options?.MaxOutputTokens ?? CallUsage.DefaultOutputTokens);
}
