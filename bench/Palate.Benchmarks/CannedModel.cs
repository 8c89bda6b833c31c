using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Benchmarks;

/// <summary>A model that answers at once what it answered first: nothing is left but the time around it.</summary>
internal sealed class CannedModel(IChatClient model) : IChatClient
{
    // By the prompt's own objects' text; the prompts of a benchmark are few.
    private readonly Dictionary<string, (ChatResponse Whole, ChatResponseUpdate[] Pieces)> _known = [];

    public long Calls { get; private set; }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        (await ReplyAsync(messages, options, cancellationToken)).Whole;

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await ReplyAsync(messages, options, cancellationToken)).Pieces)
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => model.GetService(serviceType, serviceKey);

    public void Dispose() => model.Dispose();

    private async ValueTask<(ChatResponse Whole, ChatResponseUpdate[] Pieces)> ReplyAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken stop)
    {
        Calls++;
        string key = ((IReadOnlyList<ChatMessage>)messages)[^1].Text;
        if (!_known.TryGetValue(key, out (ChatResponse Whole, ChatResponseUpdate[] Pieces) reply))
        {
            ChatResponse whole = await model.GetResponseAsync(messages, options, stop);
            var pieces = new List<ChatResponseUpdate>();
            await foreach (ChatResponseUpdate update in model.GetStreamingResponseAsync(messages, options, stop))
            {
                pieces.Add(update);
            }

            reply = (whole, [.. pieces]);
            _known.Add(key, reply);
        }

        return reply;
    }
}
