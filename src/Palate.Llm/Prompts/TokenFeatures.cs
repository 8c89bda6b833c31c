using System.Buffers;

namespace Palate.Llm;

/// <summary>What a text is made of, as far as its number of tokens depends on it. Sums add up over pieces of a text.</summary>
/// <param name="Words">Runs of ASCII letters and digits.</param>
/// <param name="Letters">Letters of the Latin script.</param>
/// <param name="Digits">ASCII digits.</param>
/// <param name="Marks">Other ASCII characters that are not white space.</param>
/// <param name="Wide">UTF-16 code units of all other scripts and symbols.</param>
/// <param name="Lines">Line feeds.</param>
public readonly record struct TokenFeatures(int Words, int Letters, int Digits, int Marks, int Wide, int Lines)
{
    private static readonly SearchValues<char> Alphanumeric =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Counts, in one pass, about a nanosecond per character.</summary>
    public static TokenFeatures Of(ReadOnlySpan<char> text)
    {
        int words = 0;
        int letters = 0;
        int digits = 0;
        int marks = 0;
        int wide = 0;
        int lines = 0;
        int at = 0;
        while (at < text.Length)
        {
            char next = text[at];
            if (char.IsAsciiLetterOrDigit(next))
            {
                int run = text[at..].IndexOfAnyExcept(Alphanumeric);
                run = run < 0 ? text.Length - at : run;
                int inDigits = 0;
                foreach (char unit in text.Slice(at, run))
                {
                    inDigits += unit <= '9' ? 1 : 0;
                }

                words++;
                digits += inDigits;
                letters += run - inDigits;
                at += run;
                continue;
            }

            if (next == '\n')
            {
                lines++;
            }
            else if (next >= 0x80)
            {
                if (next < 0x250 && char.IsLetter(next))
                {
                    letters++;
                }
                else
                {
                    wide++;
                }
            }
            else if (next > ' ')
            {
                marks++;
            }

            at++;
        }

        return new TokenFeatures(words, letters, digits, marks, wide, lines);
    }

    /// <summary>What two pieces of text have together.</summary>
    public static TokenFeatures operator +(TokenFeatures left, TokenFeatures right) => Add(left, right);

    /// <summary>What two pieces of text have together.</summary>
    public static TokenFeatures Add(TokenFeatures left, TokenFeatures right) =>
        new(
            left.Words + right.Words,
            left.Letters + right.Letters,
            left.Digits + right.Digits,
            left.Marks + right.Marks,
            left.Wide + right.Wide,
            left.Lines + right.Lines);
}
