using System.Buffers;
using System.Text.Json;

namespace Palate.Llm;

/// <summary>A file with what a model replied to which request: a JSON object a line.</summary>
/// <remarks>
/// <para>A line has the request's hash, the reply (or the kind of the failure), the usage and the latency in
/// milliseconds. The prompt is not in it. The hash covers everything that can change the reply but the tenant.</para>
/// <para>Several replies to the same request are replayed in their order, the last one then again and again. Safe to
/// use from any thread; each line is written in one go when the reply is there, so a killed process loses none that it
/// had, and at most leaves half a last line, which is skipped.</para>
/// </remarks>
public sealed class Recording : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Replies> _replies = new(StringComparer.Ordinal);
    private readonly FileStream? _file;

    private Recording(FileStream? file) => _file = file;

    /// <summary>How many lines are there.</summary>
    public int Count { get; private set; }

    /// <summary>Opens a recording to read; with <paramref name="write"/> also to add to it, and it may be missing.</summary>
    /// <exception cref="InvalidDataException">A line that is not the last is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, and it is not to be written.</exception>
    public static Recording Open(string path, bool write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!write && !File.Exists(path))
        {
            throw new FileNotFoundException($"There is no recording {path}; record one first.", path);
        }

        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        bool half = false;
        var recording = new Recording(write
            ? new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)
            : null);
        for (int line = 0; line < lines.Length; line++)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(lines[line]);
                recording.Remember(
                    document.RootElement.GetProperty("request").GetString() ?? "", Recorded.Parse(document.RootElement));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException
                or FormatException or ArgumentException)
            {
                half = line == lines.Length - 1;
                if (!half)
                {
                    recording.Dispose();
                    throw new InvalidDataException(
                        $"Line {line + 1} of the recording {path} is damaged: {e.Message} Remove it.", e);
                }
            }
        }

        if (half)
        {
            recording._file?.Write("\n"u8);
        }

        return recording;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    internal Recorded? Next(string request)
    {
        lock (_lock)
        {
            return _replies.TryGetValue(request, out Replies? replies)
                ? replies.All[Math.Min(replies.Next++, replies.All.Count - 1)]
                : null;
        }
    }

    internal void Add(string request, Recorded recorded)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("request", request);
            recorded.Write(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        lock (_lock)
        {
            Count++;
            _file?.Write(buffer.WrittenSpan);
            _file?.Flush();
        }
    }

    private void Remember(string request, Recorded recorded)
    {
        Count++;
        if (!_replies.TryGetValue(request, out Replies? replies))
        {
            _replies[request] = replies = new Replies();
        }

        replies.All.Add(recorded);
    }

    private sealed class Replies
    {
        public List<Recorded> All { get; } = [];

        public int Next { get; set; }
    }

    internal sealed record Recorded(StoredReply? Reply, ModelCallFailure? Failure, double LatencyMs)
    {
        public static Recorded Parse(JsonElement root) => new(
            root.TryGetProperty("text", out _) ? StoredReply.Parse(root) : null,
            root.TryGetProperty("failure", out JsonElement failure)
                ? Enum.Parse<ModelCallFailure>(failure.GetString() ?? "")
                : null,
            root.GetProperty("latency_ms").GetDouble());

        public void Write(Utf8JsonWriter writer)
        {
            Reply?.Write(writer);
            if (Failure is { } failure)
            {
                writer.WriteString("failure", failure.ToString());
            }

            writer.WriteNumber("latency_ms", Math.Round(LatencyMs, 3));
        }
    }
}
