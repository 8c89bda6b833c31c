using System.IO.Compression;
using System.Text;

namespace Palate;

/// <summary>Reads a text file, or a gzipped one, line by line without a string per line.</summary>
/// <remarks>
/// Lines end with LF or CR LF. A line longer than 16 Mi characters is a bad row: a file without line ends
/// must not fill the memory.
/// </remarks>
internal sealed class LineReader : IDisposable
{
    private const int MaxLength = 16 * 1024 * 1024;
    private readonly StreamReader _text;
    private readonly FileReport _file;
    private char[] _buffer = new char[64 * 1024];
    private int _start;
    private int _end;
    private bool _finished;

    public LineReader(string path, Encoding encoding, FileReport file)
    {
        _file = file;
        _text = Open(path, encoding);
    }

    /// <summary>The number of the line that was read last, 1-based.</summary>
    public long Line { get; private set; }

    /// <summary>A reader of the text at a path; a name that ends in <c>.gz</c> is unpacked on the way.</summary>
    /// <exception cref="ImportException">The file cannot be opened.</exception>
    public static StreamReader Open(string path, Encoding encoding)
    {
        try
        {
            Stream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                stream = new GZipStream(stream, CompressionMode.Decompress);
            }

            return new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"The file {path} cannot be read: {e.Message} Check its path and rights.", e);
        }
    }

    /// <summary>Moves to the next line that is not empty; the span is valid until the next call.</summary>
    /// <exception cref="ImportException">The file is damaged.</exception>
    public bool Next(out ReadOnlySpan<char> line)
    {
        while (NextAny(out line))
        {
            if (!line.IsWhiteSpace())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves to the next line, empty or not; the span is valid until the next call.</summary>
    /// <exception cref="ImportException">The file is damaged.</exception>
    public bool NextAny(out ReadOnlySpan<char> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf('\n');
            if (length >= 0)
            {
                return Take(searched + length, 1, out line);
            }

            searched = _end - _start;
            if (_finished)
            {
                return Take(searched, 0, out line);
            }

            if (searched >= MaxLength)
            {
                SkipLine();
                searched = 0;
                continue;
            }

            Fill();
        }
    }

    public void Dispose() => _text.Dispose();

    private bool Take(int length, int separator, out ReadOnlySpan<char> line)
    {
        line = _buffer.AsSpan(_start, length);
        if (separator == 0 && length == 0)
        {
            return false;
        }

        if (line.EndsWith('\r'))
        {
            line = line[..^1];
        }

        _start += length + separator;
        Line++;
        return true;
    }

    private void SkipLine()
    {
        _file.AddBad(Line + 1, $"The line is longer than {MaxLength} characters.");
        Line++;
        while (true)
        {
            int place = _buffer.AsSpan(_start, _end - _start).IndexOf('\n');
            if (place >= 0)
            {
                _start += place + 1;
                return;
            }

            _start = _end;
            if (_finished)
            {
                return;
            }

            Fill();
        }
    }

    private void Fill()
    {
        int kept = _end - _start;
        if (kept > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        _start = 0;
        try
        {
            int read = _text.Read(_buffer, kept, _buffer.Length - kept);
            _end = kept + read;
            _finished = read == 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ImportException(
                $"The file {_file.Name} is damaged after line {Line}: {e.Message} Download or export it again.", e);
        }
    }
}
