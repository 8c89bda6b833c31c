using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Palate.Llm;

/// <summary>Reads Amazon's binary event stream, <c>application/vnd.amazon.eventstream</c>, one frame after the other.</summary>
/// <remarks>
/// A frame is: its length, the length of its headers, the CRC-32 of these two, the headers, the payload, and the CRC-32 of
/// all before it; numbers are big-endian. A header is: the length of its name, the name, a type, and the value. Both checks
/// are made before anything of a frame is used.
/// </remarks>
internal sealed class AmazonEvents(Stream stream) : IDisposable
{
    private const int PreludeBytes = 12;
    private const int CheckBytes = 4;
    private const int MaxFrameBytes = 4 * 1024 * 1024;
    private const byte StringType = 7;

    private byte[] _frame = ArrayPool<byte>.Shared.Rent(4096);
    private int _payload;
    private int _end;

    /// <summary><c>event</c>, or <c>exception</c> or <c>error</c> for what went wrong in the middle.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>Which event, exception or error it is.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The payload; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Payload => _frame.AsMemory(_payload, _end - _payload);

    /// <summary>Reads the next frame; false at the end of the stream, where a begun frame is dropped.</summary>
    /// <exception cref="InvalidDataException">A frame is damaged or too long.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        if (!await FillAsync(0, PreludeBytes, stop))
        {
            return false;
        }

        (int length, int headers) = Prelude();
        if (_frame.Length < length)
        {
            byte[] wider = ArrayPool<byte>.Shared.Rent(length);
            _frame.AsSpan(0, PreludeBytes).CopyTo(wider);
            ArrayPool<byte>.Shared.Return(_frame);
            _frame = wider;
        }

        if (!await FillAsync(PreludeBytes, length, stop))
        {
            return false;
        }

        _end = length - CheckBytes;
        Check(_end, "a frame");
        _payload = PreludeBytes + headers;
        ReadHeaders(_frame.AsSpan(PreludeBytes, headers));
        return true;
    }

    public void Dispose()
    {
        if (_frame.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_frame);
            _frame = [];
        }
    }

    private (int Length, int Headers) Prelude()
    {
        Check(PreludeBytes - CheckBytes, "the beginning of a frame");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_frame);
        uint headers = BinaryPrimitives.ReadUInt32BigEndian(_frame.AsSpan(4));
        return length is >= PreludeBytes + CheckBytes and <= MaxFrameBytes && headers <= length - PreludeBytes - CheckBytes
            ? ((int)length, (int)headers)
            : throw new InvalidDataException($"a frame states {length} bytes, {headers} of them headers");
    }

    private void Check(int length, string what)
    {
        if (Crc32.Of(_frame.AsSpan(0, length)) != BinaryPrimitives.ReadUInt32BigEndian(_frame.AsSpan(length)))
        {
            throw new InvalidDataException($"the checksum of {what} does not fit");
        }
    }

    private void ReadHeaders(ReadOnlySpan<byte> headers)
    {
        (Kind, Name) = ("", "");
        while (!headers.IsEmpty)
        {
            ReadOnlySpan<byte> name = Take(ref headers, Take(ref headers, 1)[0]);
            byte type = Take(ref headers, 1)[0];
            ReadOnlySpan<byte> value = Take(ref headers, type switch
            {
                0 or 1 => 0,
                2 => 1,
                3 => 2,
                4 => 4,
                5 or 8 => 8,
                6 or StringType => BinaryPrimitives.ReadUInt16BigEndian(Take(ref headers, 2)),
                9 => 16,
                _ => throw new InvalidDataException($"a header has the unknown type {type}"),
            });
            if (type != StringType)
            {
                continue;
            }

            if (name.SequenceEqual(":message-type"u8))
            {
                Kind = Encoding.UTF8.GetString(value);
            }
            else if (name.SequenceEqual(":event-type"u8) || name.SequenceEqual(":exception-type"u8)
                || name.SequenceEqual(":error-code"u8))
            {
                Name = Encoding.UTF8.GetString(value);
            }
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length)
        {
            throw new InvalidDataException("a header is longer than the headers");
        }

        ReadOnlySpan<byte> taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private async ValueTask<bool> FillAsync(int from, int to, CancellationToken stop) =>
        await stream.ReadAtLeastAsync(_frame.AsMemory(from, to - from), to - from, throwOnEndOfStream: false, stop) == to - from;
}
