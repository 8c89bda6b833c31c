using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Palate.Llm;

/// <summary>How every provider speaks HTTP: one pool of connections, no time limit but the caller's token, bounded bodies.</summary>
internal static class ProviderHttp
{
    /// <summary>A longer body is no reply.</summary>
    public const int MaxBodyBytes = 16 * 1024 * 1024;

    private const int MaxErrorBytes = 16 * 1024;

    /// <summary>The client of all providers; never disposed of.</summary>
    /// <remarks>It follows no redirects, since they would take the key along.</remarks>
    public static HttpClient Client { get; } = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            EnableMultipleHttp2Connections = true,
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a body and gives the answer's headers; the answer is a success, and the caller's to dispose of.</summary>
    /// <exception cref="ModelCallException">Anything went wrong.</exception>
    public static async Task<HttpResponseMessage> PostAsync(
        Uri address,
        ReadOnlyMemory<byte> body,
        Action<HttpRequestHeaders> headers,
        ProviderErrors errors,
        CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        headers(request.Headers);
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HttpResponseMessage? response = null;
        try
        {
            response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (response.IsSuccessStatusCode)
            {
                HttpResponseMessage good = response;
                response = null;
                return good;
            }

            await using Stream stream = await response.Content.ReadAsStreamAsync(stop);
            byte[] words = await ErrorAsync(stream, stop);
            throw errors.Refused((int)response.StatusCode, words, name =>
                response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null);
        }
        catch (Exception e) when (IsConnection(e))
        {
            stop.ThrowIfCancellationRequested();
            throw errors.Unreachable(e);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="ModelCallException">The body is too long, or stopped in the middle.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, ProviderErrors errors, CancellationToken stop)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        try
        {
            while (true)
            {
                int read = await body.ReadAsync(buffer.GetMemory(1), stop);
                if (read == 0)
                {
                    return buffer.WrittenMemory;
                }

                buffer.Advance(read);
                if (buffer.WrittenCount > MaxBodyBytes)
                {
                    throw errors.Malformed($"it is longer than {MaxBodyBytes} bytes");
                }
            }
        }
        catch (Exception e) when (IsConnection(e))
        {
            stop.ThrowIfCancellationRequested();
            throw errors.Cut(e);
        }
    }

    /// <summary>The beginning of an error's body; whatever goes wrong with it, what has come is enough.</summary>
    public static async Task<byte[]> ErrorAsync(Stream body, CancellationToken stop)
    {
        byte[] words = new byte[MaxErrorBytes];
        int length = 0;
        try
        {
            int read;
            while (length < words.Length && (read = await body.ReadAsync(words.AsMemory(length), stop)) > 0)
            {
                length += read;
            }
        }
        catch (Exception e) when (IsConnection(e))
        {
            // The status says enough.
        }

        return words[..length];
    }

    /// <summary>The server-sent events of a stream, until its end.</summary>
    /// <exception cref="ModelCallException">The connection broke, or an event is too long.</exception>
    public static IAsyncEnumerable<ServerEvents> EventsAsync(Stream body, ProviderErrors errors, CancellationToken stop) =>
        EventsAsync(new ServerEvents(body), static (events, stop) => events.ReadAsync(stop), errors, stop);

    /// <summary>The frames of Amazon's event stream, until its end.</summary>
    /// <exception cref="ModelCallException">The connection broke, or a frame is damaged or too long.</exception>
    public static IAsyncEnumerable<AmazonEvents> AmazonEventsAsync(Stream body, ProviderErrors errors, CancellationToken stop) =>
        EventsAsync(new AmazonEvents(body), static (events, stop) => events.ReadAsync(stop), errors, stop);

    private static async IAsyncEnumerable<T> EventsAsync<T>(
        T events,
        Func<T, CancellationToken, ValueTask<bool>> read,
        ProviderErrors errors,
        [EnumeratorCancellation] CancellationToken stop)
        where T : IDisposable
    {
        using T owned = events;
        while (true)
        {
            bool more;
            try
            {
                more = await read(events, stop);
            }
            catch (Exception e) when (IsConnection(e))
            {
                stop.ThrowIfCancellationRequested();
                throw errors.Cut(e);
            }
            catch (InvalidDataException e)
            {
                throw errors.Malformed(e.Message, e);
            }

            if (!more)
            {
                yield break;
            }

            yield return events;
        }
    }

    /// <summary>Whether an exception tells of the connection, rather than of a mistake or a cancellation.</summary>
    public static bool IsConnection(Exception e) => e is HttpRequestException or IOException or ObjectDisposedException;
}
