using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

/// <summary>Short ways to ask a client something.</summary>
internal static class Ask
{
    public static ChatOptions Options(CallContext context, int? most = null)
    {
        var options = new ChatOptions { MaxOutputTokens = most };
        context.AddTo(options);
        return options;
    }

    public static Task<ChatResponse> Reply(
        this IChatClient client, string text = "hello", CallContext? context = null, int? most = null,
        CancellationToken stop = default) =>
        client.GetResponseAsync(
            [new ChatMessage(ChatRole.User, text)], Options(context ?? new CallContext(), most), stop);

    public static async Task<string> Streamed(
        this IChatClient client, string text = "hello", CallContext? context = null, int? most = null,
        int pieces = int.MaxValue, CancellationToken stop = default)
    {
        string all = "";
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(
            [new ChatMessage(ChatRole.User, text)], Options(context ?? new CallContext(), most), stop))
        {
            all += update.Text;
            if (--pieces == 0)
            {
                break;
            }
        }

        return all;
    }

    public static async Task<ModelCallException> Fails(Func<Task> call) =>
        await Assert.ThrowsAnyAsync<ModelCallException>(call);

    /// <summary>Lets everything that can run do so, until a condition holds.</summary>
    public static async Task Until(Func<bool> condition)
    {
        for (int turn = 0; turn < 200_000 && !condition(); turn++)
        {
            await Task.Yield();
        }

        Assert.True(condition());
    }
}
