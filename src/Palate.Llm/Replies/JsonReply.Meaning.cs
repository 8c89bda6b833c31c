using System.Globalization;

namespace Palate.Llm;

/// <content>What the values that were read mean: grades, names, ranks and reasons, also in forms that were not asked for.</content>
internal ref partial struct JsonReply
{
    private readonly bool Grades => _kind is QuestionKind.Grade or QuestionKind.YesNo;

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
}
