using System.Text.Json;
using Microsoft.Extensions.AI;
using Xunit.Abstractions;

namespace Palate.Llm.Tests;

public sealed class AdapterOverheadTests(ITestOutputHelper output)
{
    // The best of many short rounds: a round that the machine interrupts says nothing of the code.
    private const int Rounds = 600;
    private const int Calls = 5;

    [Fact]
    public void Writing_a_request_and_reading_a_reply_takes_under_100_microseconds()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, string.Concat(Enumerable.Repeat("Judge how well the items fit. ", 20))),
            new(ChatRole.User, string.Join('\n', Enumerable.Range(0, 20).Select(
                i => $"[A{i}] Norda wireless mouse {i} | category: electronics; brand: Norda | A cordless mouse for work."))),
        ];
        var options = new ChatOptions
        {
            MaxOutputTokens = 200,
            Temperature = 0,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(
                """{"type":"object","properties":{"order":{"type":"array","items":{"type":"string"}}}}""")),
        };
        byte[] reply = JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = "x",
            model = "m",
            choices = new[] { new { message = new { content = string.Join(',', Enumerable.Range(0, 20)) }, finish_reason = "stop" } },
            usage = new { prompt_tokens = 700, completion_tokens = 60, total_tokens = 760 },
        });
        ProviderQuirks quirks = ProviderQuirks.Of(ProviderKind.OpenAI);
        TimeSpan best = TimeSpan.MaxValue;
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long begun = TimeProvider.System.GetTimestamp();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            for (int call = 0; call < Calls; call++)
            {
                OpenAIWire.Write(messages, options, "m", quirks, ModelLacks.Part.None, isStreaming: false);
                OpenAIWire.Read(reply);
            }

            TimeSpan each = TimeProvider.System.GetElapsedTime(begun) / Calls;
            best = each < best ? each : best;
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Calls;
        }

        output.WriteLine($"{best.TotalMicroseconds:0.0} us and {bytes} bytes a call");
        Assert.True(best < TimeSpan.FromMicroseconds(100), $"{best.TotalMicroseconds:0.0} us");
    }

    [Fact]
    public async Task A_call_costs_little_more_than_the_same_body_sent_bare()
    {
        const string reply = """{"model":"m","choices":[{"message":{"content":"A"},"finish_reason":"stop"}]}""";
        using WireServer server = WireServer.Json(_ => (200, reply));
        using var client = new OpenAICompatibleChatClient(
            new ProviderOptions { Name = "p", Kind = ProviderKind.Vllm, Endpoint = server.Address, Model = "m" });
        using var bare = new HttpClient();
        var address = new Uri(server.Address, "/v1/chat/completions");
        string body = "";
        TimeSpan with = await BestAsync(() => client.GetResponseAsync("hello"));
        body = server.Requests.First().Body;
        TimeSpan without = await BestAsync(async () =>
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await bare.PostAsync(address, content);
            return await response.Content.ReadAsByteArrayAsync();
        });
        // Again, now that both are compiled in full.
        with = await BestAsync(() => client.GetResponseAsync("hello"));
        output.WriteLine($"{with.TotalMicroseconds:0} us with the adapter, {without.TotalMicroseconds:0} us bare");
        Assert.True(with - without < TimeSpan.FromMilliseconds(1), $"{with} against {without}");

        static async Task<TimeSpan> BestAsync<T>(Func<Task<T>> call)
        {
            TimeSpan best = TimeSpan.MaxValue;
            for (int round = 0; round < 400; round++)
            {
                long begun = TimeProvider.System.GetTimestamp();
                await call();
                TimeSpan each = TimeProvider.System.GetElapsedTime(begun);
                best = each < best ? each : best;
            }

            return best;
        }
    }
}
