using System.Globalization;
using System.Text;

namespace Palate;

/// <summary>Splits text into search terms: runs of letters and digits, lower-cased, Latin accents removed.</summary>
/// <remarks>
/// <code>foreach (ReadOnlySpan&lt;char&gt; term in new Tokenizer(text, stackalloc char[Tokenizer.MaxTermLength]))</code>
/// Allocates nothing. Total and bounded: it reads at most <see cref="MaxCharacters"/> characters, broken surrogates
/// separate terms, and a longer term is cut to <see cref="MaxTermLength"/>. Ideographs and kana are one term each,
/// since their scripts put no spaces between words. An apostrophe inside a word is dropped (<c>don't</c>: dont).
/// </remarks>
internal ref struct Tokenizer
{
    /// <summary>The length, in UTF-16 code units, at which a term is cut.</summary>
    public const int MaxTermLength = 48;

    /// <summary>How much of a text is read; the rest of a longer one is ignored.</summary>
    public const int MaxCharacters = 1 << 20;

    private readonly Span<char> _buffer;
    private readonly bool _stem;
    private ReadOnlySpan<char> _rest;
    private int _length;

    public Tokenizer(ReadOnlySpan<char> text, Span<char> buffer, bool stem = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MaxTermLength);
        _rest = text[..Math.Min(text.Length, MaxCharacters)];
        _buffer = buffer[..MaxTermLength];
        _stem = stem;
    }

    /// <summary>The term; valid until the next move.</summary>
    public readonly ReadOnlySpan<char> Current => _buffer[.._length];

    public readonly Tokenizer GetEnumerator() => this;

    public bool MoveNext()
    {
        _length = 0;
        while (!_rest.IsEmpty)
        {
            char next = _rest[0];
            if (char.IsAsciiLetterOrDigit(next))
            {
                Append((char)(next | 0x20));
                _rest = _rest[1..];
            }
            else if (next < 0x80)
            {
                bool joins = next == '\'' && _length > 0 && _rest.Length > 1 && char.IsLetter(_rest[1]);
                _rest = _rest[1..];
                if (!joins && _length > 0)
                {
                    break;
                }
            }
            else if (ReadWide())
            {
                break;
            }
        }

        if (_stem)
        {
            _length = StemmedLength();
        }

        return _length > 0;
    }

    // Reads one character outside ASCII; returns whether the term ends with it or before it.
    private bool ReadWide()
    {
        Rune.DecodeFromUtf16(_rest, out Rune rune, out int used);
        if (rune.Value is (>= 0x300 and <= 0x36F) or 0x2019 && _length > 0)
        {
            // A combining accent or a typographic apostrophe.
            _rest = _rest[used..];
            return rune.Value == 0x2019 && (_rest.IsEmpty || !char.IsLetter(_rest[0]));
        }

        if (IsIdeographic(rune.Value))
        {
            if (_length == 0)
            {
                Append(rune);
                _rest = _rest[used..];
            }

            return true;
        }

        _rest = _rest[used..];
        if (!IsWord(Rune.GetUnicodeCategory(rune)))
        {
            return _length > 0;
        }

        Rune lower = Rune.ToLowerInvariant(rune);
        if (LatinFolding.Fold(lower.Value) is { } plain)
        {
            foreach (char letter in plain)
            {
                Append(letter);
            }
        }
        else
        {
            Append(lower);
        }

        return false;
    }

    private void Append(char letter)
    {
        if (_length < MaxTermLength)
        {
            _buffer[_length++] = letter;
        }
    }

    private void Append(Rune rune)
    {
        if (rune.TryEncodeToUtf16(_buffer[_length..], out int written))
        {
            _length += written;
        }
    }

    // The S stemmer of Harman 1991, "How effective is suffixing?": plural and singular become one term. One rule more:
    // -ie becomes -y as -ies does, or movie and movies would differ.
    private readonly int StemmedLength()
    {
        ReadOnlySpan<char> term = Current;
        if (term.Length >= 5 && term.EndsWith("ie"))
        {
            _buffer[term.Length - 2] = 'y';
            return term.Length - 1;
        }

        if (term.Length < 4 || term[^1] != 's')
        {
            return term.Length;
        }

        if (term.EndsWith("ies") && !term.EndsWith("eies") && !term.EndsWith("aies"))
        {
            _buffer[term.Length - 3] = 'y';
            return term.Length - 2;
        }

        if (term.EndsWith("es") && !term.EndsWith("aes") && !term.EndsWith("ees") && !term.EndsWith("oes"))
        {
            return term.Length - 1;
        }

        return term.EndsWith("us") || term.EndsWith("ss") ? term.Length : term.Length - 1;
    }

    private static bool IsWord(UnicodeCategory category) => category is <= UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    private static bool IsIdeographic(int value) => value is (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);
}
