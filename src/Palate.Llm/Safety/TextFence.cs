using System.Buffers;
using System.Globalization;
using System.Text;

namespace Palate.Llm;

/// <summary>Makes text of users and items safe to stand in a prompt: one bounded line that cannot act as anything else.</summary>
/// <remarks>
/// Prompts mark their parts with <c>&lt;tags&gt;</c>, candidates with <c>[aliases]</c> and fields with <c>|</c>. None of these
/// characters survives here, so text can neither close its fence nor open another, nor name a candidate. Role words before a
/// colon, special tokens, code fences and headings lose their marks; control, bidirectional, invisible and tag characters
/// are dropped; combining marks are bounded. At most a constant number of characters per allowed token is read, so that a
/// text of ten megabytes costs what a paragraph costs. Thread-safe.
/// </remarks>
internal static class TextFence
{
    // Reads at most this many characters per allowed token: white space and dropped characters cost no token.
    private const int ReadPerToken = 32;
    private const int MaxCombining = 3;

    private static readonly string[] Roles =
        ["system", "assistant", "user", "human", "developer", "tool", "instruction", "instructions", "ai", "model"];

    private static readonly SearchValues<char> AsciiLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".!?。！？");

    /// <summary>The text as one safe line.</summary>
    /// <param name="text">Any text, also ill-formed.</param>
    /// <param name="maxTokens">At most about this many tokens by a fixed measure, which never changes with what was learned.</param>
    public static string Clean(ReadOnlySpan<char> text, int maxTokens) => Clean(text, maxTokens, out _);

    /// <summary>The text as one safe line, and how many tokens of the allowed it used.</summary>
    public static string Clean(ReadOnlySpan<char> text, int maxTokens, out int used)
    {
        used = 0;
        if (maxTokens <= 0 || text.IsEmpty)
        {
            return "";
        }

        int bound = (int)Math.Min(text.Length, (long)maxTokens * ReadPerToken + 256);
        // One token holds at most a word's six letters, a space, and the bounded marks on each.
        char[] buffer = ArrayPool<char>.Shared.Rent((int)Math.Min(2L * bound + 8, (long)maxTokens * 24 + 64));
        try
        {
            var writer = new Writer(buffer, maxTokens);
            bool all = writer.Write(text[..bound]) && bound == text.Length;
            used = writer.Tokens;
            return all ? new string(writer.Written) : Cut(writer);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    // Ends where a sentence ends, else where a word ends, else between two whole characters as a reader sees them.
    private static string Cut(in Writer writer)
    {
        ReadOnlySpan<char> written = writer.Written;
        int half = written.Length / 2;
        for (int end = written.Length - 2; end > half; end--)
        {
            if (SentenceEnds.Contains(written[end]) && (written[end] > 0x7F || written[end + 1] == ' '))
            {
                return new string(written[..(end + 1)]);
            }
        }

        int word = writer.EndsWithSpace ? written.Length : written.LastIndexOf(' ');
        if (word > half)
        {
            return string.Concat(written[..word].TrimEnd(), "…");
        }

        int kept = 0;
        while (kept < written.Length)
        {
            int element = StringInfo.GetNextTextElementLength(written[kept..]);
            if (kept + element >= written.Length)
            {
                break;
            }

            kept += element;
        }

        return kept == 0 ? "" : string.Concat(written[..kept].TrimEnd(), "…");
    }

    private ref struct Writer(Span<char> buffer, int maxTokens)
    {
        private readonly Span<char> _buffer = buffer;
        private int _length;
        private int _run;
        private int _combining;

        public int Tokens { get; private set; }

        public readonly ReadOnlySpan<char> Written => _buffer[.._length].TrimEnd(' ');

        public readonly bool EndsWithSpace => _length > 0 && _buffer[_length - 1] == ' ';

        // False when the tokens or the room are used up before the text.
        public bool Write(ReadOnlySpan<char> text)
        {
            for (int at = 0; at < text.Length; at++)
            {
                char next = text[at];
                if (char.IsAsciiLetter(next))
                {
                    if (_run == 0 && Word(text[at..]) is > 0 and var taken)
                    {
                        at += taken - 1;
                        continue;
                    }

                    if (!Letter(next))
                    {
                        return false;
                    }

                    continue;
                }

                if (next == ' ')
                {
                    Space();
                    continue;
                }

                bool fits;
                if (next < 0x80)
                {
                    fits = Ascii(next);
                }
                else
                {
                    Rune.DecodeFromUtf16(text[at..], out Rune rune, out int used);
                    char after = at + used < text.Length ? text[at + used] : ' ';
                    fits = Wide(rune, after);
                    at += used - 1;
                }

                if (!fits)
                {
                    return false;
                }
            }

            return true;
        }

        private bool Ascii(char next)
        {
            if (char.IsAsciiLetter(next))
            {
                return Letter(next);
            }

            if (char.IsAsciiDigit(next))
            {
                return Digit(next);
            }

            switch (next)
            {
                case <= ' ' or '\x7F':
                    Space();
                    return true;
                case '<':
                    return Mark('‹');
                case '>':
                    return Mark('›');
                case '[':
                    return Mark('(');
                case ']':
                    return Mark(')');
                case '|':
                    return Mark('/');
                case '`':
                    return Mark('\'');
                case '#' when _length > 0 && _buffer[_length - 1] == '#':
                    return true;
                case ':' when EndsWithRole():
                    return Mark('-');
                default:
                    return Mark(next);
            }
        }

        private bool Wide(Rune rune, char after)
        {
            int value = rune.Value;
            if (value is >= 0xFF01 and <= 0xFF5E)
            {
                // Full-width forms are read as the plain ones by models, so they are treated as those.
                return Ascii((char)(value - 0xFEE0));
            }

            if (value is 0xFE64 or 0xFE65)
            {
                return Mark(value == 0xFE64 ? '‹' : '›');
            }

            if (value is 0x200C or 0x200D)
            {
                // Joiners carry meaning between letters of some scripts and inside emoji, and hide words elsewhere.
                if (_length > 0 && _buffer[_length - 1] > 0x7F && after > 0x7F)
                {
                    return Put((char)value, 0);
                }

                return true;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    Space();
                    return true;
                case UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    return true;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                    when _length == 0 || _combining >= MaxCombining || value is >= 0xE0100 and <= 0xE01EF:
                    return true;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                    _combining++;
                    return PutRune(rune, 0);
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter when value < 0x250:
                    return Letter((char)value);
                default:
                    _run = 0;
                    _combining = 0;
                    return PutRune(rune, 1);
            }
        }

        // Most of most texts: a whole word at once, when it fits. How many characters it took; 0 for none.
        private int Word(ReadOnlySpan<char> text)
        {
            int length = text.IndexOfAnyExcept(AsciiLetters);
            length = length < 0 ? text.Length : length;
            int tokens = (length + 5) / 6;
            if (Tokens + tokens > maxTokens || _length + length > _buffer.Length)
            {
                return 0;
            }

            text[..length].CopyTo(_buffer[_length..]);
            _length += length;
            Tokens += tokens;
            _run = length;
            _combining = 0;
            return length;
        }

        private bool Letter(char letter)
        {
            _combining = 0;
            bool fits = Put(letter, _run % 6 == 0 ? 1 : 0);
            _run++;
            return fits;
        }

        private bool Digit(char digit)
        {
            _combining = 0;
            if (_length > 0 && (_buffer[_length - 1] | 0x20) == 'a' &&
                (_length == 1 || !char.IsLetterOrDigit(_buffer[_length - 2])) && !Put('-', 0))
            {
                return false;
            }

            bool fits = Put(digit, _run % 3 == 0 ? 1 : 0);
            _run++;
            return fits;
        }

        private bool Mark(char mark)
        {
            _run = 0;
            _combining = 0;
            return Put(mark, 1);
        }

        private void Space()
        {
            _run = 0;
            _combining = 0;
            if (_length > 0 && _buffer[_length - 1] != ' ' && _length < _buffer.Length)
            {
                _buffer[_length++] = ' ';
            }
        }

        private bool PutRune(Rune rune, int tokens)
        {
            Span<char> units = stackalloc char[2];
            int count = rune.EncodeToUtf16(units);
            if (_length + count > _buffer.Length)
            {
                return false;
            }

            return Put(units[0], tokens) && (count == 1 || Put(units[1], 0));
        }

        private bool Put(char unit, int tokens)
        {
            if (Tokens + tokens > maxTokens || _length == _buffer.Length)
            {
                return false;
            }

            Tokens += tokens;
            _buffer[_length++] = unit;
            return true;
        }

        private readonly bool EndsWithRole()
        {
            ReadOnlySpan<char> before = _buffer[.._length].TrimEnd(' ').TrimEnd('*').TrimEnd('_');
            int start = before.Length;
            while (start > 0 && char.IsAsciiLetter(before[start - 1]) && before.Length - start <= 12)
            {
                start--;
            }

            ReadOnlySpan<char> word = before[start..];
            foreach (string role in Roles)
            {
                if (word.Equals(role, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
