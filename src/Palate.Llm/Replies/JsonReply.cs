using System.Buffers;
using System.Globalization;

namespace Palate.Llm;

/// <summary>Reads JSON, and what was meant as JSON, from front to back into marks.</summary>
/// <remarks>
/// Not a JSON parser but a scanner with a bounded stack: text around and between values, missing ends, trailing commas,
/// single quotes and any depth of nesting are read over. Nothing recurses; below the stack's bound values are ignored.
/// A value counts when what closes it has arrived, so that the same code reads half a reply.
/// </remarks>
internal ref struct JsonReply
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

    private readonly bool Grades => _kind is QuestionKind.Grade or QuestionKind.YesNo;

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

    private readonly void Finish()
    {
        if (Grades)
        {
            if (_marks.Graded == 0 && _positional.Count == _aliases.Count && (_isFinal || !IsOpen))
            {
                for (int i = 0; i < _positional.Count; i++)
                {
                    _marks.Grade(i, _positional[i]);
                }

                _marks.Bad = true;
            }

            return;
        }

        if (_marks.Named.Count > 0)
        {
            return;
        }

        foreach (int place in _byNumber)
        {
            _marks.Name(place);
        }

        if (_marks.Named.Count == 0 && _ranked.Count > 0 && (_isFinal || !IsOpen))
        {
            // {"A3": 1, "A1": 2} are ranks when they are 1, 2, 3 ...; otherwise they are scores.
            var values = _ranked.Select(pair => pair.Value).Order().ToList();
            bool ranks = values.Count > 1 && values[0] is 0 or 1 &&
                values.Select((value, i) => value == i + values[0]).All(same => same);
            foreach ((int place, double _) in _ranked.OrderBy(pair => ranks ? pair.Value : -pair.Value))
            {
                _marks.Name(place);
            }

            _marks.Bad = true;
        }
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

    private readonly void Close(in Frame frame)
    {
        if (!frame.IsObject || frame.Own == ReplyKey.Skip)
        {
            return;
        }

        int place = frame.Id != AliasTable.None ? frame.Id
            : frame.OwnAlias != AliasTable.None ? frame.OwnAlias
            : _aliases.Count == 1 ? 0 : AliasTable.None;
        if (frame.Own != ReplyKey.Reason)
        {
            if (Grades)
            {
                if (!double.IsNaN(frame.Grade))
                {
                    _marks.Grade(place, frame.Grade);
                }
                else if (frame.Id == AliasTable.Foreign)
                {
                    _marks.Unknown = true;
                }
            }
            else if (frame.Id != AliasTable.None)
            {
                if (double.IsNaN(frame.Rank))
                {
                    _marks.Name(place);
                }
                else if (place >= 0)
                {
                    _ranked.Add((place, frame.Rank));
                }
                else
                {
                    _marks.Unknown = true;
                }
            }
        }

        if (frame.ReasonLength > 0)
        {
            // {"best": "A2", "why": "..."} gives its reason for the one it names.
            int of = place != AliasTable.None ? place : !Grades && _marks.Named.Count > 0 ? _marks.Named[0] : AliasTable.None;
            _marks.Reason(of, Unescape(_text.Slice(frame.ReasonStart, frame.ReasonLength), 1024));
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

    private readonly void Field(ref Frame top, int from, int length, ReadOnlySpan<char> raw)
    {
        if (top.KeyAlias != AliasTable.None && top.Key == ReplyKey.Other)
        {
            if (top.Own == ReplyKey.Reason)
            {
                _marks.Reason(top.KeyAlias, Unescape(raw, 1024));
            }
            else if (Grades)
            {
                Grade(top.KeyAlias, raw);
            }
            else if (_marks.TryRead(raw, out double _) || double.TryParse(raw, out double _))
            {
                if (top.KeyAlias >= 0 && double.TryParse(
                    raw, CultureInfo.InvariantCulture, out double rank) && double.IsFinite(rank))
                {
                    _ranked.Add((top.KeyAlias, rank));
                }
            }

            return;
        }

        switch (top.Key)
        {
            case ReplyKey.Id:
                top.Id = Resolve(raw);
                break;
            case ReplyKey.Reason:
                top.ReasonStart = from;
                top.ReasonLength = length;
                break;
            case ReplyKey.Next:
                _marks.Go(raw);
                break;
            case ReplyKey.Grade when Grades:
            case ReplyKey.List when Grades && _aliases.Count == 1:
                if (!TryGrade(raw, out top.Grade))
                {
                    top.Grade = double.NaN;
                    _marks.Bad = true;
                }

                break;
            case ReplyKey.Rank when double.TryParse(
                raw, CultureInfo.InvariantCulture, out double rank) && double.IsFinite(rank):
                top.Rank = rank;
                break;
            case ReplyKey.List when !Grades:
                Element(raw, isString: true);
                break;
        }
    }

    private readonly void Element(ReadOnlySpan<char> raw, bool isString)
    {
        if (Grades)
        {
            if (_marks.TryRead(raw, out double grade))
            {
                if (_positional.Count <= _aliases.Count)
                {
                    _positional.Add(grade);
                }
            }
            else if (isString && raw.Length <= 200)
            {
                ProseReply.Grades(Unescape(raw, 200), _aliases, _marks);
            }

            return;
        }

        int place = _aliases.FindLoosely(raw.Length <= 64 ? Unescape(raw, 64) : raw);
        if (place != AliasTable.None)
        {
            _marks.Name(place);
        }
        else if (_aliases.FindNumber(raw.Trim(" []#")) is var numbered and not AliasTable.None)
        {
            if (_byNumber.Count < 4096)
            {
                _byNumber.Add(numbered);
            }
        }
        else if (isString && raw.Length <= 4096 && raw.ContainsAny(" >,"))
        {
            ProseReply.Order(raw, _aliases, _marks, wanted: 1, isFinal: true);
        }
        else if (isString && raw.Length > 0)
        {
            _marks.Bad = true;
        }
    }

    private readonly int Resolve(ReadOnlySpan<char> raw)
    {
        int place = _aliases.FindLoosely(raw.Length <= 64 ? Unescape(raw, 64) : raw);
        place = place != AliasTable.None ? place : _aliases.FindNumber(raw.Trim(" []#"));
        return place != AliasTable.None ? place : AliasTable.Foreign;
    }

    private readonly void Grade(int place, ReadOnlySpan<char> raw)
    {
        if (TryGrade(raw, out double grade))
        {
            _marks.Grade(place, grade);
        }
        else
        {
            _marks.Bad = true;
        }
    }

    private readonly bool TryGrade(ReadOnlySpan<char> raw, out double grade)
    {
        if (_kind == QuestionKind.YesNo && YesNoWords.Find(raw) is { } yes)
        {
            grade = yes ? _marks.Maximum : 0;
            return true;
        }

        return _marks.TryRead(raw, out grade);
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
