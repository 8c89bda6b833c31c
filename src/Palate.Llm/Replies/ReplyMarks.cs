using System.Globalization;

namespace Palate.Llm;

/// <summary>What a reply was seen to say, before it is a judgment. The first word on a candidate counts.</summary>
internal sealed class ReplyMarks
{
    private const int MaxReasonTokens = 80;
    private const int MaxNext = 40;

    // Raw, on the prompt's scale or a fraction of one: which of the two is known only when all of them are there.
    private readonly double[] _raw;
    private readonly bool[] _isNamed;
    private readonly GradeScale _scale;
    private Dictionary<int, string>? _reasons;

    public ReplyMarks(int count, GradeScale scale)
    {
        _raw = new double[count];
        Array.Fill(_raw, double.NaN);
        _isNamed = new bool[count];
        _scale = scale;
    }

    public List<int> Named { get; } = [];

    public int Graded { get; private set; }

    public bool Repeated { get; private set; }

    public bool Unknown { get; set; }

    /// <summary>A value that is not on the scale, or not in the wanted form.</summary>
    public bool Bad { get; set; }

    public string? Next { get; private set; }

    /// <summary>The raw grade of the best.</summary>
    public double Maximum => _scale.Maximum;

    public bool HasAny => Named.Count > 0 || Graded > 0;

    public void Name(int place)
    {
        if (place == AliasTable.Foreign)
        {
            Unknown = true;
        }
        else if (place >= 0 && _isNamed[place])
        {
            Repeated = true;
        }
        else if (place >= 0)
        {
            _isNamed[place] = true;
            Named.Add(place);
        }
    }

    /// <summary>A grade as <see cref="TryRead"/> read it.</summary>
    public void Grade(int place, double raw)
    {
        if (place == AliasTable.Foreign)
        {
            Unknown = true;
        }
        else if (place >= 0 && !double.IsNaN(_raw[place]))
        {
            Repeated = true;
        }
        else if (place >= 0)
        {
            _raw[place] = raw;
            Graded++;
        }
    }

    public void Reason(int place, ReadOnlySpan<char> text)
    {
        if (place >= 0 && (_reasons is null || !_reasons.ContainsKey(place)) &&
            TextFence.Clean(text, MaxReasonTokens) is { Length: > 0 } reason)
        {
            (_reasons ??= [])[place] = reason;
        }
    }

    public void Go(ReadOnlySpan<char> next)
    {
        next = next.Trim(" \t\r\n\"'`.[]()*");
        if (Next is null && next.Length is > 0 and <= MaxNext && !next.ContainsAnyExcept(Letters))
        {
            Next = next.ToString().ToLowerInvariant();
        }
    }

    /// <summary>Reads a grade: a number on the scale, a fraction "8/10", a percentage, or one of the scale's words.</summary>
    public bool TryRead(ReadOnlySpan<char> value, out double raw)
    {
        value = value.Trim(" \t\r\n\"'`*");
        raw = double.NaN;
        if (value.Length is 0 or > 40)
        {
            return false;
        }

        int slash = value.IndexOf('/');
        if (slash > 0 && Number(value[..slash], out double above) && Number(value[(slash + 1)..], out double below))
        {
            raw = below > 0 && above >= 0 && above <= below ? above / below * _scale.Maximum : double.NaN;
        }
        else if (value[^1] == '%' && Number(value[..^1], out double percent))
        {
            raw = percent is >= 0 and <= 100 ? percent / 100 * _scale.Maximum : double.NaN;
        }
        else if (Number(value, out double number))
        {
            raw = number >= 0 && number <= _scale.Maximum ? number : double.NaN;
        }
        else if (_scale.Words.Count > 0 && _scale.Words.TryGetValue(value.ToString(), out double grade))
        {
            raw = grade * _scale.Maximum;
        }

        return !double.IsNaN(raw);
    }

    /// <summary>Grades from 0 to 1 for each place, NaN where there is none.</summary>
    public double[] Grades()
    {
        // On a scale above 1 nobody writes 0.83: a reply of such fractions alone used the scale from 0 to 1 instead.
        bool fractions = false;
        bool within = _scale.Maximum > 1;
        foreach (double raw in _raw)
        {
            fractions |= raw is > 0 and < 1;
            within &= !(raw > 1);
        }

        double maximum = fractions && within ? 1 : _scale.Maximum;
        Bad |= fractions && within;
        var grades = new double[_raw.Length];
        for (int i = 0; i < grades.Length; i++)
        {
            grades[i] = double.IsNaN(_raw[i]) ? double.NaN : Math.Clamp(_raw[i] / maximum, 0, 1);
        }

        return grades;
    }

    public IReadOnlyDictionary<int, string> Reasons(Question question)
    {
        if (_reasons is null)
        {
            return System.Collections.ObjectModel.ReadOnlyDictionary<int, string>.Empty;
        }

        var byCandidate = new Dictionary<int, string>(_reasons.Count);
        foreach ((int place, string reason) in _reasons)
        {
            byCandidate[question.Candidates[place]] = reason;
        }

        return byCandidate;
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_ ");

    private static bool Number(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(
            text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out number);
}
