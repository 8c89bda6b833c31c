using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Palate.Llm.Tests;

/// <summary>A loopback server below HTTP: it remembers each request and answers with the bytes that it is told to.</summary>
internal sealed class WireServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Request, Stream, CancellationToken, Task> _answer;

    public WireServer(Func<Request, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri(string.Create(
            CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    public ConcurrentQueue<Request> Requests { get; } = new();

    public int Connections { get; private set; }

    public static WireServer Json(Func<Request, (int Status, string Body)> answer, string headers = "") => new(
        async (request, stream, stop) =>
        {
            (int status, string body) = answer(request);
            await stream.WriteAsync(Response(status, body, "application/json", headers), stop);
        });

    public static WireServer Events(params string[] events) => new(async (_, stream, stop) =>
        await stream.WriteAsync(
            Response(200, string.Concat(events.Select(data => $"data: {data}\n\n")), "text/event-stream"), stop));

    public static byte[] Response(int status, string body, string type, string headers = "") => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n")
        + body);

    public static byte[] Begin(string type, string body) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: 1000000\r\n\r\n{body}");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                // Read through a buffer: a call to the system for each byte would drown what is measured here.
                await using var input = new BufferedStream(stream, 16 * 1024);
                while (await ReadAsync(input) is { } request)
                {
                    Requests.Enqueue(request);
                    await _answer(request, stream, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client has gone, or the answer ended the connection.
            }
        }
    }

    private async Task<Request?> ReadAsync(BufferedStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> headers = lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[^1], StringComparer.OrdinalIgnoreCase);
        string body = "";
        if (headers.TryGetValue("Content-Length", out string? length))
        {
            byte[] bytes = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(bytes, _stop.Token);
            body = Encoding.UTF8.GetString(bytes);
        }
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            body = await ChunksAsync(stream);
        }

        return new Request(lines[0], headers, body);
    }

    private async Task<string> ChunksAsync(BufferedStream stream)
    {
        var body = new List<byte>();
        byte[] one = new byte[1];
        while (true)
        {
            var line = new StringBuilder();
            while (line.Length < 2 || line[^1] != '\n')
            {
                await stream.ReadExactlyAsync(one, _stop.Token);
                line.Append((char)one[0]);
            }

            byte[] chunk = new byte[int.Parse(line.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 2];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            if (chunk.Length == 2)
            {
                return Encoding.UTF8.GetString([.. body]);
            }

            body.AddRange(chunk[..^2]);
        }
    }

    internal sealed record Request(string Line, IReadOnlyDictionary<string, string> Headers, string Body);
}
