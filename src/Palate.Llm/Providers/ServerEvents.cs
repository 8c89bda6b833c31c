using System.Buffers;

namespace Palate.Llm;

/// <summary>Reads server-sent events, one after the other, each from the same buffer.</summary>
internal sealed class ServerEvents(Stream stream) : IDisposable
{
    private const int MaxEventBytes = 4 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _data = new(1024);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);
    private int _begin;
    private int _end;

    /// <summary>The event's data; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => _data.WrittenMemory;

    /// <summary>Reads the next event; false at the end of the stream, where a begun event is dropped.</summary>
    /// <exception cref="InvalidDataException">An event is too long.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        _data.ResetWrittenCount();
        bool any = false;
        while (true)
        {
            int feed = _buffer.AsSpan(_begin, _end - _begin).IndexOf((byte)'\n');
            if (feed < 0)
            {
                if (!await FillAsync(stop))
                {
                    return false;
                }

                continue;
            }

            ReadOnlySpan<byte> line = _buffer.AsSpan(_begin, feed);
            _begin += feed + 1;
            line = line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;
            if (line.IsEmpty)
            {
                if (any)
                {
                    return true;
                }
            }
            else if (line.StartsWith("data:"u8))
            {
                if (any)
                {
                    _data.Write("\n"u8);
                }

                any = true;
                _data.Write(line.Length > 5 && line[5] == ' ' ? line[6..] : line[5..]);
                if (_data.WrittenCount > MaxEventBytes)
                {
                    throw new InvalidDataException($"an event is longer than {MaxEventBytes} bytes");
                }
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            _end -= _begin;
            _begin = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end > MaxEventBytes)
            {
                throw new InvalidDataException($"a line is longer than {MaxEventBytes} bytes");
            }

            byte[] wider = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(wider);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = wider;
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), stop);
        _end += read;
        return read > 0;
    }
}
