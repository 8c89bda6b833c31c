using System.Buffers;
using System.Globalization;

namespace Palate.Llm;

/// <summary>Reads lists and grades that were written as prose: "[3] > [1]", "1. B2 - because", "A1: 8/10".</summary>
internal static class ProseReply
{
    private const int MaxMentions = 4096;
    private const int MaxGap = 64;

    private static readonly SearchValues<char> AspectEnds = SearchValues.Create("\n.;,}]");

    /// <summary>An order from the text: its longest plain list, else the names that begin its lines, else all as they come.</summary>
    public static void Order(ReadOnlySpan<char> text, AliasTable aliases, ReplyMarks marks, int wanted, bool isFinal)
    {
        List<Mention> mentions = Mentions(text, aliases, numbers: false);
        if (!mentions.Exists(mention => mention.Place >= 0))
        {
            List<Mention> numbered = Mentions(text, aliases, numbers: true);
            mentions = numbered.Count > 0 ? numbered : mentions;
        }

        if (!isFinal && mentions.Count > 0 && mentions[^1].End == text.Length)
        {
            // A1 may become A12.
            mentions.RemoveAt(mentions.Count - 1);
        }

        if (mentions.Count == 0)
        {
            return;
        }

        (int from, int to) = LongestChain(text, mentions);
        if (!isFinal)
        {
            // Half a text counts only as a list from its beginning on: thoughts name candidates too.
            if (from == 0 && !HasLetter(text[..mentions[0].Start]) && to > 1)
            {
                Take(mentions, from, to, marks);
            }

            return;
        }

        List<Mention> leading = Leading(text, mentions);
        if (leading.Count > to - from && leading.Count > 1)
        {
            Take(leading, 0, leading.Count, marks);
        }
        else if (to - from > 1)
        {
            Take(mentions, from, to, marks);
        }
        else if (wanted == 1)
        {
            marks.Name(Winner(text, mentions).Place);
        }
        else
        {
            Take(mentions, 0, mentions.Count, marks);
        }
    }

    /// <summary>Grades from the text: the number after each name on its line, or the only number for the only candidate.</summary>
    public static void Grades(ReadOnlySpan<char> text, AliasTable aliases, ReplyMarks marks)
    {
        List<Mention> mentions = Mentions(text, aliases, numbers: false);
        for (int i = 0; i < mentions.Count; i++)
        {
            int end = i + 1 < mentions.Count ? mentions[i + 1].Start : text.Length;
            ReadOnlySpan<char> after = text[mentions[i].End..end];
            int line = after.IndexOf('\n');
            after = line >= 0 ? after[..line] : after;
            if (mentions[i].Place == AliasTable.Foreign)
            {
                marks.Unknown = true;
            }
            else if (NumberIn(after, marks, out double grade, out bool found))
            {
                marks.Grade(mentions[i].Place, grade);
            }
            else
            {
                marks.Bad |= found;
            }
        }

        if (aliases.Count != 1 || marks.Graded > 0)
        {
            return;
        }

        foreach (string word in (ReadOnlySpan<string>)["score", "relevance", "grade", "rating"])
        {
            int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                ReadOnlySpan<char> after = text.Slice(at + word.Length, Math.Min(MaxGap, text.Length - at - word.Length));
                if (NumberIn(after, marks, out double grade, out bool found))
                {
                    marks.Grade(0, grade);
                    return;
                }

                marks.Bad |= found;
            }
        }

        if (text.Length <= 400 && NumberIn(text, marks, out double only, out bool _))
        {
            marks.Grade(0, only);
        }
        else
        {
            marks.Bad |= text.Length <= 400;
        }
    }

    /// <summary>The aspect after an order: "[A1, A2]; diversity", "next: stop".</summary>
    public static void Next(ReadOnlySpan<char> text, ReplyMarks marks)
    {
        int word = text.LastIndexOf("next", StringComparison.OrdinalIgnoreCase);
        int colon = word >= 0 ? text[word..].IndexOfAny(':', '=') : -1;
        int from = colon is >= 0 and < 24 ? word + colon + 1 : text.LastIndexOf(';') + 1;
        if (from > 0)
        {
            ReadOnlySpan<char> rest = text[from..].TrimStart();
            int end = rest.IndexOfAny(AspectEnds);
            marks.Go(end >= 0 ? rest[..end] : rest);
        }
    }

    private static void Take(List<Mention> mentions, int from, int to, ReplyMarks marks)
    {
        for (int i = from; i < to; i++)
        {
            marks.Name(mentions[i].Place);
        }
    }

    private static List<Mention> Mentions(ReadOnlySpan<char> text, AliasTable aliases, bool numbers)
    {
        var mentions = new List<Mention>();
        bool bracketed = numbers && HasBracketedNumber(text);
        int at = 0;
        while (at < text.Length && mentions.Count < MaxMentions)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            int end = at + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            ReadOnlySpan<char> word = text[at..end];
            bool inBrackets = at > 0 && text[at - 1] == '[' && end < text.Length && text[end] == ']';
            int place = AliasTable.None;
            if (numbers)
            {
                bool part = (at > 1 && text[at - 1] is '.' or ',' && char.IsAsciiDigit(text[at - 2])) ||
                    (end + 1 < text.Length && text[end] is '.' or ',' && char.IsAsciiDigit(text[end + 1]) && !bracketed);
                if (bracketed ? inBrackets : !part && !IsNumbering(text, at, end))
                {
                    place = aliases.FindNumber(word);
                }
            }
            else if (!aliases.AreLetters || inBrackets || IsLetterAlias(text, at, end))
            {
                place = aliases.Find(word);
            }

            if (place != AliasTable.None)
            {
                mentions.Add(new Mention(place, at, end));
            }

            at = end;
        }

        return mentions;
    }

    // A letter alone, in upper case, that is not the article of a sentence.
    private static bool IsLetterAlias(ReadOnlySpan<char> text, int at, int end) =>
        end - at == 1 && char.IsAsciiLetterUpper(text[at]) &&
        !(text[at] is 'A' or 'I' && end + 1 < text.Length && text[end] is ' ' or '\'' && char.IsAsciiLetterLower(text[end + 1]));

    private static bool HasBracketedNumber(ReadOnlySpan<char> text)
    {
        int at = text.IndexOf('[');
        while (at >= 0 && at + 1 < text.Length)
        {
            if (char.IsAsciiDigit(text[at + 1]))
            {
                return true;
            }

            int next = text[(at + 1)..].IndexOf('[');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    // "2." or "2)" at the beginning of a line.
    private static bool IsNumbering(ReadOnlySpan<char> text, int at, int end)
    {
        if (end >= text.Length || text[end] is not ('.' or ')' or ':'))
        {
            return false;
        }

        int from = at - 1;
        while (from >= 0 && text[from] is ' ' or '\t' or '*' or '(' or '#')
        {
            from--;
        }

        return from < 0 || text[from] == '\n';
    }

    private static (int From, int To) LongestChain(ReadOnlySpan<char> text, List<Mention> mentions)
    {
        int bestFrom = 0;
        int bestTo = 1;
        int from = 0;
        for (int i = 1; i <= mentions.Count; i++)
        {
            bool joined = i < mentions.Count && IsSeparator(text[mentions[i - 1].End..mentions[i].Start]);
            if (!joined)
            {
                if (i - from >= bestTo - bestFrom)
                {
                    (bestFrom, bestTo) = (from, i);
                }

                from = i;
            }
        }

        return (bestFrom, bestTo);
    }

    // Between two names of a list stand no words, and digits only as "2." or "2)".
    private static bool IsSeparator(ReadOnlySpan<char> gap)
    {
        if (gap.Length > MaxGap)
        {
            return false;
        }

        for (int i = 0; i < gap.Length; i++)
        {
            if (char.IsLetter(gap[i]))
            {
                return false;
            }

            if (char.IsDigit(gap[i]) && !(i + 1 < gap.Length && (char.IsDigit(gap[i + 1]) || gap[i + 1] is '.' or ')' or ':')))
            {
                return false;
            }
        }

        return true;
    }

    private static List<Mention> Leading(ReadOnlySpan<char> text, List<Mention> mentions)
    {
        var leading = new List<Mention>();
        int line = 0;
        int from = 0;
        int last = -1;
        foreach (Mention mention in mentions)
        {
            int end = text[from..mention.Start].LastIndexOf('\n');
            line = end >= 0 ? from + end + 1 : line;
            from = mention.Start;
            if (line != last && !HasLetter(text[line..mention.Start]))
            {
                leading.Add(mention);
            }

            last = line;
        }

        return leading;
    }

    private static Mention Winner(ReadOnlySpan<char> text, List<Mention> mentions)
    {
        foreach (string word in (ReadOnlySpan<string>)["answer", "choose", "winner", "best", "pick", "prefer"])
        {
            int at = text.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
            foreach (Mention mention in mentions)
            {
                if (at >= 0 && mention.Start > at && mention.Start - at <= MaxGap)
                {
                    return mention;
                }
            }
        }

        return mentions[0];
    }

    private static bool HasLetter(ReadOnlySpan<char> text)
    {
        foreach (char unit in text)
        {
            if (char.IsLetter(unit))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NumberIn(ReadOnlySpan<char> text, ReplyMarks marks, out double grade, out bool found)
    {
        grade = double.NaN;
        found = false;
        int at = text.IndexOfAnyInRange('0', '9');
        if (at < 0)
        {
            foreach (Range word in text.SplitAny(" \t,.;:=()-"))
            {
                if (!text[word].IsEmpty && !char.IsDigit(text[word][0]) && marks.TryRead(text[word], out grade))
                {
                    found = true;
                    return true;
                }
            }

            return false;
        }

        found = true;
        int end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) ||
            (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
        {
            end++;
        }

        if (end < text.Length && char.IsLetter(text[end]))
        {
            // 1e999, 4k: no grade.
            return false;
        }

        int from = at > 0 && text[at - 1] == '.' ? at - 1 : at;
        from = from > 0 && text[from - 1] == '-' && (from == 1 || !char.IsAsciiLetterOrDigit(text[from - 2])) ? from - 1 : from;
        ReadOnlySpan<char> rest = text[end..].TrimStart();
        if (rest.Length > 1 && rest[0] == '/' && char.IsAsciiDigit(rest.TrimStart("/ ").IsEmpty ? ' ' : rest.TrimStart("/ ")[0]))
        {
            ReadOnlySpan<char> below = rest.TrimStart("/ ");
            int digits = below.IndexOfAnyExceptInRange('0', '9');
            below = digits < 0 ? below : below[..digits];
            return below.Length <= 6 && end - from <= 24 &&
                marks.TryRead(string.Concat(text[from..end], "/", below), out grade);
        }

        if (rest.StartsWith("out of ", StringComparison.OrdinalIgnoreCase))
        {
            ReadOnlySpan<char> below = rest["out of ".Length..];
            int digits = below.IndexOfAnyExceptInRange('0', '9');
            below = digits < 0 ? below : below[..digits];
            return below.Length is > 0 and <= 6 && end - from <= 24 &&
                marks.TryRead(string.Concat(text[from..end], "/", below), out grade);
        }

        if (rest.Length > 0 && rest[0] == '%')
        {
            return end - from <= 24 && marks.TryRead(
                string.Create(CultureInfo.InvariantCulture, $"{text[from..end]}%"), out grade);
        }

        return marks.TryRead(text[from..end], out grade);
    }

    private readonly record struct Mention(int Place, int Start, int End);
}
