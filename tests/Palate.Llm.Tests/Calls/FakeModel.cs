using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

/// <summary>A chat client that does what a test says.</summary>
internal sealed class FakeModel : IChatClient
{
    private readonly Func<FakeCall, Task<ChatResponse>> _reply;
    private int _calls;

    public FakeModel(Func<FakeCall, Task<ChatResponse>> reply) => _reply = reply;

    public FakeModel(string text = "fine")
        : this(_ => Task.FromResult(Reply(text)))
    {
    }

    public int Calls => Volatile.Read(ref _calls);

    public string Model { get; init; } = "m";

    /// <summary>Gives the pieces of streamed replies; without it they are the words of the reply.</summary>
    public Func<FakeCall, IAsyncEnumerable<ChatResponseUpdate>>? Stream { get; init; }

    public static ChatResponse Reply(string text, long input = 100, long output = 10, long cached = 0) =>
        new(new ChatMessage(ChatRole.Assistant, text))
        {
            ModelId = "m-2026",
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails
            {
                InputTokenCount = input,
                CachedInputTokenCount = cached,
                OutputTokenCount = output,
                TotalTokenCount = input + output,
            },
        };

    public static Task<ChatResponse> Hang(CancellationToken stop)
    {
        var never = new TaskCompletionSource<ChatResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(() => never.TrySetCanceled(stop));
        return never.Task;
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _reply(new FakeCall(Interlocked.Increment(ref _calls), [.. messages], options, cancellationToken));

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = new FakeCall(Interlocked.Increment(ref _calls), [.. messages], options, cancellationToken);
        return Stream is null ? Words(call, cancellationToken) : Stream(call);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("fake", null, Model) : null;

    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Words(
        FakeCall call, [EnumeratorCancellation] CancellationToken stop)
    {
        ChatResponse response = await _reply(call);
        string[] words = response.Text.Split(' ');
        for (int word = 0; word < words.Length; word++)
        {
            stop.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, word == 0 ? words[0] : " " + words[word])
            {
                ModelId = response.ModelId,
                FinishReason = word == words.Length - 1 ? response.FinishReason : null,
            };
        }

        if (response.Usage is { } usage)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]);
        }
    }
}
