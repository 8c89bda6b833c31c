using System.Text;

namespace Palate;

/// <summary>The records of a delimited file with quotes (RFC 4180), read so that a stray quote costs one row.</summary>
/// <remarks>
/// A quoted field may go over several lines. When a quote is not closed within 100 lines, or what closes it does not
/// fit the header, only the line with the quote is bad and reading goes on at the next: a parser that trusts the quote
/// would swallow every row up to the next one in silence.
/// </remarks>
internal sealed class DelimitedRows : IDisposable
{
    private const int MostLines = 100;
    private readonly LineReader _lines;
    private readonly char _delimiter;
    private readonly FileReport _file;
    private readonly Queue<(long Line, string Text)> _again = new();
    private readonly List<int> _ends = [];
    private char[] _text = new char[1024];

    public DelimitedRows(string path, char delimiter, FileReport file)
    {
        _lines = new LineReader(path, Encoding.UTF8, file);
        _delimiter = delimiter;
        _file = file;
        Header = Read() ? [.. Enumerable.Range(0, Count).Select(place => this[place].Trim().ToString())] : [];
    }

    private enum Outcome
    {
        Whole,
        OpenQuote,
        TextAfterQuote,
    }

    /// <summary>The first record; empty when the file is.</summary>
    public string[] Header { get; } = [];

    /// <summary>The first line of the record that was read last, 1-based.</summary>
    public long Line { get; private set; }

    /// <summary>How many fields the record has.</summary>
    public int Count => _ends.Count;

    /// <summary>A field, without its quotes; valid until the next record is read.</summary>
    public ReadOnlySpan<char> this[int place]
    {
        get
        {
            int start = place == 0 ? 0 : _ends[place - 1];
            return _text.AsSpan(start, _ends[place] - start);
        }
    }

    /// <summary>The place of a column, or -1.</summary>
    public int IndexOf(string column) => Array.IndexOf(Header, column);

    /// <summary>Moves to the next record that has as many fields as the header; others are bad rows.</summary>
    public bool Read()
    {
        while (NextLine(out ReadOnlySpan<char> line))
        {
            if (line.IsWhiteSpace())
            {
                continue;
            }

            Outcome outcome = Parse(line);
            if (outcome == Outcome.OpenQuote && ReadOn(line.ToString()))
            {
                return true;
            }

            if (outcome == Outcome.OpenQuote)
            {
                _file.AddBad(Line, "A quote is opened and not closed.");
            }
            else if (outcome == Outcome.TextAfterQuote)
            {
                _file.AddBad(Line, "There is text between a closing quote and the next delimiter.");
            }
            else if (Fits())
            {
                return true;
            }
            else
            {
                _file.AddBad(Line, $"{Count} fields where the header has {Header.Length}.");
            }
        }

        return false;
    }

    public void Dispose() => _lines.Dispose();

    private bool Fits() => Header.Length == 0 || Count == Header.Length;

    private bool NextLine(out ReadOnlySpan<char> line)
    {
        if (_again.TryDequeue(out (long Line, string Text) kept))
        {
            Line = kept.Line;
            line = kept.Text;
            return true;
        }

        bool found = _lines.NextAny(out line);
        Line = _lines.Line;
        return found;
    }

    // Joins lines until the quote closes. When that fails, the lines after the first are read again on their own.
    private bool ReadOn(string first)
    {
        long start = Line;
        var joined = new StringBuilder(first);
        var taken = new List<(long, string)>();
        while (taken.Count < MostLines && NextLine(out ReadOnlySpan<char> line))
        {
            taken.Add((Line, line.ToString()));
            joined.Append('\n').Append(line);
            Outcome outcome = line.Contains('"') ? Parse(joined.ToString()) : Outcome.OpenQuote;
            if (outcome == Outcome.Whole && Fits())
            {
                Line = start;
                return true;
            }

            if (outcome != Outcome.OpenQuote)
            {
                break;
            }
        }

        (long, string)[] later = [.. _again];
        _again.Clear();
        foreach ((long, string) line in taken.Concat(later))
        {
            _again.Enqueue(line);
        }

        Line = start;
        return false;
    }

    private Outcome Parse(ReadOnlySpan<char> record)
    {
        if (_text.Length < record.Length)
        {
            _text = new char[record.Length * 2];
        }

        _ends.Clear();
        int length = 0;
        int at = 0;
        while (true)
        {
            if (at < record.Length && record[at] == '"')
            {
                // Two quotes are one; the quote that stands alone closes the field.
                for (at++; ; at++)
                {
                    int run = record[at..].IndexOf('"');
                    if (run < 0)
                    {
                        return Outcome.OpenQuote;
                    }

                    record.Slice(at, run).CopyTo(_text.AsSpan(length));
                    length += run;
                    at += run + 1;
                    if (at == record.Length || record[at] != '"')
                    {
                        break;
                    }

                    _text[length++] = '"';
                }
            }
            else
            {
                int end = record[at..].IndexOf(_delimiter);
                ReadOnlySpan<char> field = end < 0 ? record[at..] : record.Slice(at, end);
                field.CopyTo(_text.AsSpan(length));
                length += field.Length;
                at += field.Length;
            }

            _ends.Add(length);
            if (at == record.Length)
            {
                return Outcome.Whole;
            }

            if (record[at++] != _delimiter)
            {
                return Outcome.TextAfterQuote;
            }
        }
    }
}
