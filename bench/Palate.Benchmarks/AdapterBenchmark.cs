using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Palate.Llm;

namespace Palate.Benchmarks;

/// <summary>What a call through the OpenAI adapter costs over the same bytes sent with a bare <see cref="HttpClient"/>.</summary>
/// <remarks>A server on loopback answers at once; both ways take turns, so that both have the same machine.</remarks>
internal static class AdapterBenchmark
{
    private const string Reply =
        """{"id":"x","model":"m","choices":[{"message":{"role":"assistant","content":"{\"order\":[\"A3\",\"A1\",\"A2\"]}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":900,"completion_tokens":12}}""";

    /// <summary>Runs <c>adapter [--calls N]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int calls = Arguments.Number(args, "--calls", 5_000);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Factory.StartNew(() => Accept(listener), TaskCreationOptions.LongRunning);
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1");
        string prompt = string.Concat(
            Enumerable.Repeat("[A1] Title of a thing | kind: one, two | Some words about it, and more.\n", 40));
        using var schema = JsonDocument.Parse(
            """{"type":"object","properties":{"order":{"type":"array","items":{"type":"string"}}},"required":["order"]}""");
        ChatMessage[] messages = [new(ChatRole.System, "You order things."), new(ChatRole.User, prompt)];
        var options = new ChatOptions
        {
            Temperature = 0,
            MaxOutputTokens = 200,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement, "reply"),
        };
        using var adapter = new OpenAICompatibleChatClient(
            new ProviderOptions { Name = "loopback", Kind = ProviderKind.OpenAICompatible, Endpoint = address, Model = "m" });
        using var bare = new HttpClient();
        byte[] body = OpenAIWire.Write(
            messages, options, "m", ProviderQuirks.Of(ProviderKind.OpenAICompatible), ModelLacks.Part.None, isStreaming: false)
            .Body.ToArray();
        (double Took, long Bytes)[] plain = new (double, long)[calls];
        (double Took, long Bytes)[] adapted = new (double, long)[calls];
        for (int call = -calls / 2; call < calls; call++)
        {
            (double, long) one = await MeasureAsync(() => PostAsync(bare, address, body));
            (double, long) two = await MeasureAsync(() => adapter.GetResponseAsync(messages, options));
            if (call >= 0)
            {
                (plain[call], adapted[call]) = (one, two);
            }
        }

        Show("HttpClient", plain);
        Show("adapter", adapted);
        return 0;
    }

    private static async Task<(double Took, long Bytes)> MeasureAsync(Func<Task> call)
    {
        long bytes = GC.GetTotalAllocatedBytes();
        long begun = TimeProvider.System.GetTimestamp();
        await call();
        double took = TimeProvider.System.GetElapsedTime(begun).TotalMicroseconds;
        return (took, GC.GetTotalAllocatedBytes() - bytes);
    }

    private static async Task PostAsync(HttpClient client, Uri address, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await answer.Content.CopyToAsync(Stream.Null);
    }

    private static void Show(string name, (double Took, long Bytes)[] calls)
    {
        double[] took = [.. calls.Select(call => call.Took).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-12} p25 {took[took.Length / 4],6:0.0} us, p50 {took[took.Length / 2],6:0.0} us, {calls.Average(call => call.Bytes) / 1024,5:0.0} KB"));
    }

    private static void Accept(TcpListener listener)
    {
        while (true)
        {
            Socket socket = listener.AcceptSocket();
            socket.NoDelay = true;
            _ = Task.Factory.StartNew(() => Serve(socket), TaskCreationOptions.LongRunning);
        }
    }

    // Only as much of HTTP as the two clients speak: a head with a length, and that many bytes.
    private static void Serve(Socket socket)
    {
        byte[] answer = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(Reply)}\r\n\r\n{Reply}");
        byte[] buffer = new byte[1 << 16];
        int have = 0;
        while (socket.Receive(buffer, have, buffer.Length - have, SocketFlags.None) is > 0 and var read)
        {
            have += read;
            int head = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
            string text = Encoding.ASCII.GetString(buffer, 0, Math.Max(head, 0));
            int at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                int length = int.Parse(text[(at + 16)..].Split('\r')[0], CultureInfo.InvariantCulture);
                if (have >= head + 4 + length)
                {
                    socket.Send(answer);
                    have = 0;
                }
            }
        }
    }
}
