using System.Buffers;
using System.Globalization;

namespace Palate.Llm;

/// <summary>Reads JSON, and what was meant as JSON, from front to back into marks.</summary>
/// <remarks>
/// Not a JSON parser but a scanner with a bounded stack: text around and between values, missing ends, trailing commas,
/// single quotes and any depth of nesting are read over. Nothing recurses; below the stack's bound values are ignored.
/// A value counts when what closes it has arrived, so that the same code reads half a reply.
/// </remarks>
internal ref partial struct JsonReply
{
    /// <summary>How many frames reading needs.</summary>
    public const int MaxDepth = 32;

    private static readonly SearchValues<char> Delimiters = SearchValues.Create(" \t\r\n,:{}[]\"");

    private readonly ReadOnlySpan<char> _text;
    private readonly AliasTable _aliases;
    private readonly ReplyMarks _marks;
    private readonly QuestionKind _kind;
    private readonly bool _isFinal;
    private readonly List<int> _byNumber = [];
    private readonly List<double> _positional = [];
    private readonly List<(int Place, double Value)> _ranked = [];
    private readonly Span<Frame> _frames;
    private int _depth;
    private long _below;

    public JsonReply(
        ReadOnlySpan<char> text, AliasTable aliases, ReplyMarks marks, QuestionKind kind, bool isFinal, Span<Frame> frames)
    {
        _text = text;
        _aliases = aliases;
        _marks = marks;
        _kind = kind;
        _isFinal = isFinal;
        _frames = frames;
    }

    /// <summary>Whether the text ended inside a value.</summary>
    public bool IsOpen { get; private set; }

    public void Read()
    {
        int at = 0;
        while (at < _text.Length)
        {
            char next = _text[at];
            switch (next)
            {
                case '{' or '[':
                    if (next == '{' || _depth > 0 || _below > 0 || !IsProse(at))
                    {
                        Push(next == '{');
                    }

                    at++;
                    break;
                case '}' or ']':
                    Pop();
                    at++;
                    break;
                case ',' or ':' or ' ' or '\t' or '\r' or '\n':
                    if (next == ',' && _depth > 0 && _below == 0)
                    {
                        ref Frame top = ref _frames[_depth - 1];
                        top.ExpectsKey = top.IsObject;
                        top.Key = ReplyKey.Other;
                        top.KeyAlias = AliasTable.None;
                    }

                    at++;
                    break;
                case '"' when _depth > 0:
                case '\'' when _depth > 0:
                    at = ReadString(at);
                    break;
                default:
                    at = _depth > 0 ? ReadBare(at) : at + 1;
                    break;
            }
        }

        IsOpen = _depth > 0;
        if (_isFinal)
        {
            while (_depth > 0)
            {
                Close(_frames[--_depth]);
            }
        }

        Finish();
    }

    // A bracket in prose holds one short word: [3] > [1].
    private readonly bool IsProse(int at)
    {
        ReadOnlySpan<char> rest = _text.Slice(at + 1, Math.Min(16, _text.Length - at - 1));
        int end = rest.IndexOf(']');
        return end >= 0 && !rest[..end].ContainsAny("\",'{[");
    }

    private void Push(bool isObject)
    {
        if (_below > 0 || _depth == MaxDepth)
        {
            _below++;
            return;
        }

        var frame = new Frame
        {
            IsObject = isObject,
            ExpectsKey = isObject,
            Own = ReplyKey.Other,
            OwnAlias = AliasTable.None,
            KeyAlias = AliasTable.None,
            Id = AliasTable.None,
            Grade = double.NaN,
            Rank = double.NaN,
        };
        if (_depth > 0)
        {
            ref Frame parent = ref _frames[_depth - 1];
            frame.Own = parent.IsObject ? parent.Key : parent.Own;
            frame.OwnAlias = parent.IsObject ? parent.KeyAlias : parent.OwnAlias;
        }

        _frames[_depth++] = frame;
    }

    private void Pop()
    {
        if (_below > 0)
        {
            _below--;
        }
        else if (_depth > 0)
        {
            Close(_frames[--_depth]);
        }
    }

    private int ReadString(int at)
    {
        char quote = _text[at];
        int from = at + 1;
        int end = from;
        while (true)
        {
            int found = end < _text.Length ? _text[end..].IndexOfAny(quote, '\\') : -1;
            if (found < 0)
            {
                // Not closed: nothing of it counts.
                return _text.Length;
            }

            end += found;
            if (_text[end] == quote)
            {
                break;
            }

            end += 2;
        }

        Scalar(from, end - from, end + 1, isString: true);
        return end + 1;
    }

    private int ReadBare(int at)
    {
        int length = _text[at..].IndexOfAny(Delimiters);
        if (length < 0)
        {
            // It may go on: a number that touches the end is not known yet.
            return _text.Length;
        }

        Scalar(at, length, at + length, isString: false);
        return at + length;
    }

    private void Scalar(int from, int length, int after, bool isString)
    {
        if (_below > 0)
        {
            return;
        }

        ref Frame top = ref _frames[_depth - 1];
        ReadOnlySpan<char> raw = _text.Slice(from, length);
        if (top.IsObject && top.ExpectsKey)
        {
            ReadOnlySpan<char> rest = _text[after..].TrimStart();
            if (rest.Length > 0 && rest[0] == ':')
            {
                ReadOnlySpan<char> key = raw.Length <= 64 ? Unescape(raw, 64).Trim() : raw;
                top.KeyAlias = _aliases.AreLetters && key.Length > 1 ? AliasTable.None : _aliases.FindLoosely(key);
                top.Key = ReplyKeys.Classify(key);
                top.ExpectsKey = false;
            }

            return;
        }

        if (top.Own == ReplyKey.Skip || (top.IsObject && top.Key == ReplyKey.Skip))
        {
            return;
        }

        if (top.IsObject)
        {
            Field(ref top, from, length, raw);
        }
        else if (top.Own != ReplyKey.Reason)
        {
            Element(raw, isString);
        }
    }

    private static ReadOnlySpan<char> Unescape(ReadOnlySpan<char> text, int most)
    {
        text = text[..Math.Min(text.Length, most)];
        if (!text.Contains('\\'))
        {
            return text;
        }

        var plain = new char[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char next = text[i];
            if (next == '\\' && i + 1 < text.Length)
            {
                next = text[++i];
                if (next == 'u' && i + 4 < text.Length && ushort.TryParse(
                    text.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture, out ushort unit))
                {
                    next = (char)unit;
                    i += 4;
                }
                else if (next is 'n' or 't' or 'r' or 'b' or 'f')
                {
                    next = ' ';
                }
            }

            plain[length++] = next;
        }

        return plain.AsSpan(0, length);
    }

    /// <summary>A value that is open.</summary>
    internal struct Frame
    {
        public bool IsObject;
        public bool ExpectsKey;
        public ReplyKey Own;
        public int OwnAlias;
        public ReplyKey Key;
        public int KeyAlias;
        public int Id;
        public double Grade;
        public double Rank;
        public int ReasonStart;
        public int ReasonLength;
    }
}
