using System.Globalization;

namespace Palate;

/// <summary>What every row of a file has to pass: ids, numbers and times are checked, texts are bounded.</summary>
internal sealed class RowGate
{
    private const int MaxIdLength = 512;
    private const int MaxTitleLength = 2048;
    private const int MaxValueLength = 1024;
    private const int MaxValues = 1000;
    private readonly ImportReport _report;
    private readonly FileReport _file;
    private readonly IdCache _ids = new();

    public RowGate(ImportReport report, string file)
    {
        _report = report;
        _file = report.Of(file);
    }

    public FileReport File => _file;

    /// <summary>Checks an interaction. An empty value is 1 and an empty time is unknown.</summary>
    public bool TryInteraction(
        long line,
        ReadOnlySpan<char> user,
        ReadOnlySpan<char> item,
        string type,
        ReadOnlySpan<char> value,
        ReadOnlySpan<char> time,
        out Interaction interaction)
    {
        interaction = default;
        float number = 1;
        long seconds = 0;
        string? problem = ComplainOfId("user", user) ?? ComplainOfId("item", item) ?? ComplainOfId("type", type);
        if (problem is null && !value.IsEmpty
            && !(float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                && float.IsFinite(number)))
        {
            problem = $"The value '{Show(value)}' is not a finite number.";
        }

        if (problem is null && !time.IsEmpty)
        {
            problem = TimeText.TryParse(time, out seconds)
                ? TimeText.Complain(seconds, _report.LatestTime)
                : $"The time '{Show(time)}' is neither Unix seconds nor ISO 8601.";
        }

        if (problem is not null)
        {
            _file.AddBad(line, problem);
            return false;
        }

        _file.AddGood();
        interaction = new Interaction(_ids.Get(user), _ids.Get(item), type, number, seconds);
        return true;
    }

    /// <summary>Checks an item and bounds what it says.</summary>
    public bool TryItem(
        long line,
        string id,
        string title,
        string text,
        Dictionary<string, IReadOnlyList<string>> attributes,
        long? addedAt,
        out Item item)
    {
        item = null!;
        string? problem = ComplainOfId("item", id);
        if (problem is null && addedAt > _report.LatestTime)
        {
            problem = TimeText.Complain(addedAt.Value, _report.LatestTime);
        }

        if (problem is not null)
        {
            _file.AddBad(line, problem);
            return false;
        }

        _file.AddGood();
        item = new Item(id)
        {
            Title = title.Length == 0 ? id : Bound(title, MaxTitleLength, "title"),
            Text = Bound(text, _report.Options.MaxTextLength, "text"),
            Attributes = BoundAll(attributes),
            AddedAt = addedAt,
        };
        return true;
    }

    /// <summary>Checks a user and bounds what is said of them.</summary>
    public bool TryUser(long line, string id, Dictionary<string, IReadOnlyList<string>> attributes, out User user)
    {
        user = null!;
        if (ComplainOfId("user", id) is { } problem)
        {
            _file.AddBad(line, problem);
            return false;
        }

        _file.AddGood();
        user = new User(id) { Attributes = BoundAll(attributes) };
        return true;
    }

    /// <summary>The start of a value, for messages.</summary>
    public static string Show(ReadOnlySpan<char> value) => value.Length <= 40 ? value.ToString() : $"{value[..40]}...";

    private static string? ComplainOfId(string role, ReadOnlySpan<char> id)
    {
        if (id.IsWhiteSpace())
        {
            return $"The {role} id is empty.";
        }

        if (id.Length > MaxIdLength)
        {
            return $"The {role} id '{Show(id)}' has {id.Length} characters; at most {MaxIdLength} are allowed.";
        }

        return id.ContainsAnyInRange('\0', '\x1F') ? $"The {role} id holds a control character." : null;
    }

    private IReadOnlyDictionary<string, IReadOnlyList<string>> BoundAll(
        Dictionary<string, IReadOnlyList<string>> attributes)
    {
        if (attributes.Count == 0)
        {
            return Attributes.None;
        }

        foreach ((string name, IReadOnlyList<string> values) in attributes)
        {
            if (values.Count > MaxValues)
            {
                _report.Note($"attribute values beyond {MaxValues} left out");
            }

            if (values.Count > MaxValues || values.Any(value => value.Length > MaxValueLength || value.Contains('\0')))
            {
                attributes[name] =
                    [.. values.Take(MaxValues).Select(value => Bound(value, MaxValueLength, "attribute"))];
            }
        }

        return attributes;
    }

    private string Bound(string text, int length, string what)
    {
        if (text.Contains('\0'))
        {
            text = text.Replace('\0', ' ');
            _report.Note($"NUL characters replaced in a {what}");
        }

        if (text.Length <= length)
        {
            return text;
        }

        _report.Note($"{what} cut to {length} characters");
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
