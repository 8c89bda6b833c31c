using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

/// <summary>Replies of Bedrock Converse in Amazon's binary event stream, as recorded bytes and as broken ones.</summary>
public sealed class BedrockStreamTests : IDisposable
{
    private const string Start =
        "AAAAhwAAAFLjgYMzCzpldmVudC10eXBlBwAMbWVzc2FnZVN0YXJ0DTpjb250ZW50LXR5cGUHABBhcHBsaWNhdGlvbi9qc29u" +
        "DTptZXNzYWdlLXR5cGUHAAVldmVudHsicCI6ImFiY2RlZmdoaWoiLCJyb2xlIjoiYXNzaXN0YW50In10WSZK";

    private const string First =
        "AAAAsAAAAFeA6hMqCzpldmVudC10eXBlBwARY29udGVudEJsb2NrRGVsdGENOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9u" +
        "L2pzb24NOm1lc3NhZ2UtdHlwZQcABWV2ZW50eyJjb250ZW50QmxvY2tJbmRleCI6MCwiZGVsdGEiOnsidGV4dCI6IntcIm9y" +
        "ZGVyXCI6W1wiQTJcIiwifSwicCI6ImFiY2QifQfpJQU=";

    private const string Second =
        "AAAAsQAAAFe9ijqaCzpldmVudC10eXBlBwARY29udGVudEJsb2NrRGVsdGENOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9u" +
        "L2pzb24NOm1lc3NhZ2UtdHlwZQcABWV2ZW50eyJjb250ZW50QmxvY2tJbmRleCI6MCwiZGVsdGEiOnsidGV4dCI6IlwiQTFc" +
        "Il19In0sInAiOiJhYmNkZWZnaGlqa2xtbm9wIn1M8rik";

    private const string BlockStop =
        "AAAAhgAAAFbZjG6aCzpldmVudC10eXBlBwAQY29udGVudEJsb2NrU3RvcA06Y29udGVudC10eXBlBwAQYXBwbGljYXRpb24v" +
        "anNvbg06bWVzc2FnZS10eXBlBwAFZXZlbnR7ImNvbnRlbnRCbG9ja0luZGV4IjowLCJwIjoiYWIiffM4iiA=";

    private const string Stop =
        "AAAAiAAAAFH42EVYCzpldmVudC10eXBlBwALbWVzc2FnZVN0b3ANOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb24N" +
        "Om1lc3NhZ2UtdHlwZQcABWV2ZW50eyJwIjoiYWJjZGVmZyIsInN0b3BSZWFzb24iOiJlbmRfdHVybiJ9rwP92g==";

    private const string Metadata =
        "AAAA9gAAAE4zMhYDCzpldmVudC10eXBlBwAIbWV0YWRhdGENOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb24NOm1l" +
        "c3NhZ2UtdHlwZQcABWV2ZW50eyJtZXRyaWNzIjp7ImxhdGVuY3lNcyI6NDIxfSwicCI6ImFiYyIsInVzYWdlIjp7ImlucHV0" +
        "VG9rZW5zIjoxMCwib3V0cHV0VG9rZW5zIjo3LCJ0b3RhbFRva2VucyI6NTEsImNhY2hlUmVhZElucHV0VG9rZW5zIjozMCwi" +
        "Y2FjaGVXcml0ZUlucHV0VG9rZW5zIjo0fX0xMqol";

    private const string Reply = """{"order":["A2","A1"]}""";

    private static readonly string[] Whole = [Start, First, Second, BlockStop, Stop, Metadata];

    private readonly string _keyFile = Path.GetTempFileName();

    public BedrockStreamTests() => File.WriteAllText(_keyFile, "bedrock-secret");

    public void Dispose() => File.Delete(_keyFile);

    [Fact]
    public async Task A_recorded_reply_comes_in_its_pieces_with_its_usage()
    {
        using WireServer server = Server(Bytes(Whole));

        List<ChatResponseUpdate> updates = await ReadAsync(server);

        Assert.Equal("POST /model/us.model%3A0/converse-stream HTTP/1.1", server.Requests.Single().Line);
        Assert.Equal("""{"order":["A2",""", updates[0].Text);
        Assert.Equal("\"A1\"]}", updates[1].Text);
        ChatResponse response = updates.ToChatResponse();
        Assert.Equal(Reply, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((44, 30, 7), (
            response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount));
        Assert.Equal(4, response.Usage.AdditionalCounts![CallUsage.CacheWriteCount]);
        Assert.Equal("us.model:0", response.ModelId);
    }

    [Fact]
    public async Task Pieces_are_given_before_the_next_has_come()
    {
        var seen = new TaskCompletionSource();
        using var server = new WireServer(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Head(Bytes(Whole).Length), stop);
            await stream.WriteAsync(Bytes([Start, First]), stop);
            await stream.FlushAsync(stop);
            await seen.Task.WaitAsync(stop);
            await stream.WriteAsync(Bytes([Second, BlockStop, Stop, Metadata]), stop);
        });

        var text = new StringBuilder();
        await foreach (ChatResponseUpdate update in Client(server).GetStreamingResponseAsync("x"))
        {
            text.Append(update.Text);
            seen.TrySetResult();
        }

        Assert.Equal(Reply, text.ToString());
    }

    [Fact]
    public async Task The_bytes_may_come_one_by_one()
    {
        using var stream = new MemoryStream(Bytes(Whole));
        using var events = new AmazonEvents(new OneByOne(stream));
        List<string> names = [];
        while (await events.ReadAsync(CancellationToken.None))
        {
            names.Add($"{events.Kind} {events.Name}");
        }

        Assert.Equal(
            ["messageStart", "contentBlockDelta", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"],
            names.Select(name => name["event ".Length..]));
    }

    [Fact]
    public async Task The_published_examples_of_the_format_are_read()
    {
        byte[] empty = Convert.FromHexString("000000100000000005C248EB7D98C8FF");
        byte[] payload = Convert.FromHexString("0000001D00000000FD528C5A7B27666F6F273A27626172277DC3653936");
        using var events = new AmazonEvents(new MemoryStream([.. empty, .. payload]));

        Assert.True(await events.ReadAsync(CancellationToken.None));
        Assert.True(events.Payload.IsEmpty);
        Assert.True(await events.ReadAsync(CancellationToken.None));
        Assert.Equal("{'foo':'bar'}", Encoding.UTF8.GetString(events.Payload.Span));
        Assert.False(await events.ReadAsync(CancellationToken.None));
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
    }

    [Theory]
    [InlineData("throttlingException", ModelCallFailure.RateLimited)]
    [InlineData("validationException", ModelCallFailure.Invalid)]
    [InlineData("accessDeniedException", ModelCallFailure.Rejected)]
    [InlineData("modelTimeoutException", ModelCallFailure.Timeout)]
    [InlineData("modelStreamErrorException", ModelCallFailure.Server)]
    [InlineData("internalServerException", ModelCallFailure.Server)]
    public async Task An_exception_in_the_middle_is_reported_and_what_came_before_it_stays(string name, ModelCallFailure kind)
    {
        using WireServer server = Server(
            [.. Bytes([Start, First]), .. Frame([(":message-type", "exception"), (":exception-type", name)], """{"message":"too much bedrock-secret"}""")]);
        List<ChatResponseUpdate> updates = [];

        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(server, updates));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains("too much ***", failure.Message, StringComparison.Ordinal);
        Assert.Single(updates);
    }

    [Fact]
    public async Task An_error_without_a_payload_is_named()
    {
        using WireServer server = Server(Frame([(":message-type", "error"), (":error-code", "InternalError")], ""));

        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(server));

        Assert.Equal(ModelCallFailure.Server, failure.Kind);
        Assert.Contains("InternalError", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_ends_before_its_end_is_cut_wherever_that_is()
    {
        byte[] whole = Bytes(Whole);
        int stop = Bytes([Start, First, Second, BlockStop, Stop]).Length;
        foreach (int length in (int[])[0, 5, 12, 40, Bytes([Start]).Length, Bytes([Start, First]).Length + 20, stop - 1])
        {
            using WireServer server = Server(whole[..length]);
            ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(server));
            Assert.Equal(ModelCallFailure.Server, failure.Kind);
        }

        // Only the usage is missing: the reply is whole.
        using WireServer late = Server(whole[..(stop + 30)]);
        Assert.Equal(Reply, (await ReadAsync(late)).ToChatResponse().Text);
    }

    [Fact]
    public async Task Every_damaged_byte_is_found_before_anything_of_its_frame_is_used()
    {
        byte[] frame = Bytes([First]);
        for (int at = 0; at < frame.Length; at++)
        {
            byte[] damaged = [.. frame];
            damaged[at] ^= 0x10;
            using var events = new AmazonEvents(new MemoryStream(damaged));
            await Assert.ThrowsAsync<InvalidDataException>(async () => await events.ReadAsync(CancellationToken.None));
        }

        frame[60] ^= 1;
        using WireServer server = Server([.. Bytes([Start]), .. frame]);
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(server));
        Assert.Equal(ModelCallFailure.Malformed, failure.Kind);
        Assert.Contains("checksum", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lengths_that_cannot_be_are_refused_though_their_checksums_fit()
    {
        foreach ((uint length, uint headers) in ((uint, uint)[])[(15, 0), (16, 1), (uint.MaxValue, 0), (5 * 1024 * 1024, 0), (40, 25), (40, uint.MaxValue)])
        {
            byte[] prelude = new byte[64];
            BinaryPrimitives.WriteUInt32BigEndian(prelude, length);
            BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
            BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Check(prelude.AsSpan(0, 8)));
            using var events = new AmazonEvents(new MemoryStream(prelude));
            await Assert.ThrowsAsync<InvalidDataException>(async () => await events.ReadAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task Headers_of_every_type_are_passed_over_and_broken_ones_refused()
    {
        byte[] good = [.. Header("t", 0), .. Header("f", 1), .. Header("b", 2, 1), .. Header("s", 3, 2), .. Header("i", 4, 4),
            .. Header("l", 5, 8), .. Header("y", 6, 0, 3, 1, 2, 3), .. Header("d", 8, 8), .. Header("u", 9, 16), .. Text(":message-type", "event")];
        using (var events = new AmazonEvents(new MemoryStream(Frame(good, "{}"))))
        {
            Assert.True(await events.ReadAsync(CancellationToken.None));
            Assert.Equal("event", events.Kind);
        }

        foreach (byte[] bad in (byte[][])[[9, 1], Header("x", 10), [1, (byte)'x', 7, 0, 9, 1], [1, (byte)'x', 5, 1], [1]])
        {
            using var events = new AmazonEvents(new MemoryStream(Frame(bad, "{}")));
            await Assert.ThrowsAsync<InvalidDataException>(async () => await events.ReadAsync(CancellationToken.None));
        }

        // A value of so many zeros, or these bytes.
        static byte[] Header(string name, byte type, params byte[] value) =>
            [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), type, .. value is [var zeros] ? new byte[zeros] : value];
    }

    [Fact]
    public async Task A_payload_that_is_no_json_is_malformed()
    {
        using WireServer server = Server(Frame([(":message-type", "event"), (":event-type", "contentBlockDelta")], "{"));

        Assert.Equal(ModelCallFailure.Malformed, (await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(server))).Kind);
    }

    private static byte[] Bytes(string[] frames) => [.. frames.SelectMany(Convert.FromBase64String)];

    private static byte[] Frame((string Name, string Value)[] headers, string payload) =>
        Frame([.. headers.SelectMany(header => Text(header.Name, header.Value))], payload);

    private static byte[] Frame(byte[] headers, string payload)
    {
        byte[] frame = new byte[16 + headers.Length + Encoding.UTF8.GetByteCount(payload)];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Check(frame.AsSpan(0, 8)));
        headers.CopyTo(frame.AsSpan(12));
        Encoding.UTF8.GetBytes(payload, frame.AsSpan(12 + headers.Length));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Check(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static byte[] Text(string name, string value) =>
    [
        (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 7, 0, (byte)value.Length, .. Encoding.ASCII.GetBytes(value),
    ];

    // Bit by bit, as the polynomial is written.
    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                uint next = (crc ^ ((uint)one >> bit)) & 1;
                crc = (crc >> 1) ^ (next == 1 ? 0xEDB88320 : 0);
            }
        }

        return ~crc;
    }

    private static byte[] Head(int length) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nContent-Length: {length}\r\n\r\n");

    private static WireServer Server(byte[] body) => new(async (_, stream, stop) =>
    {
        await stream.WriteAsync(Head(body.Length), stop);
        await stream.WriteAsync(body, stop);
    });

    private BedrockConverseChatClient Client(WireServer server) => new(new ProviderOptions
    {
        Name = "nova",
        Kind = ProviderKind.BedrockConverse,
        Endpoint = server.Address,
        Model = "us.model:0",
        Key = "file:" + _keyFile,
    });

    private async Task<List<ChatResponseUpdate>> ReadAsync(WireServer server, List<ChatResponseUpdate>? updates = null)
    {
        updates ??= [];
        await foreach (ChatResponseUpdate update in Client(server).GetStreamingResponseAsync("x"))
        {
            updates.Add(update);
        }

        return updates;
    }

    private sealed class OneByOne(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(1, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
