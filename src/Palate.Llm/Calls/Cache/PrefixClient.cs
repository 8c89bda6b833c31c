using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Sends calls with the same prefix to where it is cached, and compares what was expected with what came.</summary>
internal sealed class PrefixClient(IChatClient inner, PrefixPool pool) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        IList<ChatMessage> list = messages as IList<ChatMessage> ?? [.. messages];
        CallContext context = Applied(list, options);
        ChatResponse response = await InnerClient.GetResponseAsync(list, context.With(options), cancellationToken);
        if (CallUsage.From(response.Usage) is { } usage)
        {
            PrefixPool.Report(context, usage);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IList<ChatMessage> list = messages as IList<ChatMessage> ?? [.. messages];
        CallContext context = Applied(list, options);
        await foreach (ChatResponseUpdate update in
            InnerClient.GetStreamingResponseAsync(list, context.With(options), cancellationToken))
        {
            foreach (AIContent content in update.Contents)
            {
                if (content is UsageContent usage && CallUsage.From(usage.Details) is { } used)
                {
                    PrefixPool.Report(context, used);
                }
            }

            yield return update;
        }
    }

    // The prefix has the share of the prompt's tokens that it has of its bytes: good to a few percent.
    private CallContext Applied(IList<ChatMessage> messages, ChatOptions? options)
    {
        CallContext context = CallContext.Of(options);
        long bytes = 0;
        foreach (ChatMessage message in messages)
        {
            bytes += Encoding.UTF8.GetByteCount(message.Text);
        }

        int tokens = bytes == 0
            ? 0
            : (int)Math.Min(
                context.EstimatedTokens, (long)context.EstimatedTokens * context.SharedPrefixBytes / bytes);
        return pool.Apply(context, tokens);
    }
}
