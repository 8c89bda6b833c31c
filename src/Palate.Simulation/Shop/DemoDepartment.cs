using System.Globalization;

namespace Palate.Simulation;

/// <summary>A department of the demo shop.</summary>
internal sealed class DemoDepartment
{
    private DemoDepartment(string name, string[] colours, string[] openers, string[] fillers)
    {
        Name = name;
        Colours = colours;
        Openers = openers;
        Fillers = fillers;
    }

    /// <summary>The department's name, an item's <c>category</c>.</summary>
    public string Name { get; }

    /// <summary>The colours that its items come in; may be empty.</summary>
    public string[] Colours { get; }

    /// <summary>First sentences of descriptions.</summary>
    public string[] Openers { get; }

    /// <summary>Sentences that tell nothing of an item in particular.</summary>
    public string[] Fillers { get; }

    public List<DemoSubcategory> Subcategories { get; } = [];

    /// <summary>The whole shop.</summary>
    public static DemoDepartment[] ReadAll() =>
        [Parse(DemoBooks.Words), Parse(DemoElectronics.Words), Parse(DemoHousehold.Words), Parse(DemoSport.Words)];

    /// <summary>Reads a department's words.</summary>
    /// <remarks>
    /// The first line is <c>name | price low-high | colours ...</c>. A line <c>= name | nouns | low-high</c> starts a
    /// subcategory. <c>key: a; b</c> is a list of words or patterns. The other lines are facets:
    /// <c>name[!] position | sentence; sentence | concept=form,form | ...</c>; a <c>!</c> makes it an attribute, and
    /// facets before the first subcategory belong to all of them. A backslash joins a line with the next.
    /// </remarks>
    public static DemoDepartment Parse(string words)
    {
        string[] lines = [.. words.Split('\n')
            .Aggregate("", (text, line) => text.EndsWith('\\') ? text[..^1] + line.Trim() : text + '\n' + line.Trim())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        string[] head = Split(lines[0], '|');
        var lists = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var shared = new List<DemoFacet>();
        int next = 1;
        for (; !lines[next].StartsWith('='); next++)
        {
            Add(lines[next], lists, shared);
        }

        string[] colours = Split(head[2]["colours".Length..], ',');
        var department = new DemoDepartment(head[0], colours, lists["openers"], lists["fillers"]);
        (int low, int high) = Prices(head[1]["price ".Length..]);
        while (next < lines.Length)
        {
            string[] title = Split(lines[next][1..], '|');
            lists = new Dictionary<string, string[]>(StringComparer.Ordinal);
            var facets = new List<DemoFacet>();
            for (next++; next < lines.Length && !lines[next].StartsWith('='); next++)
            {
                Add(lines[next], lists, facets);
            }

            (int from, int to) = title.Length > 2 ? Prices(title[2]) : (low, high);
            department.Subcategories.Add(new DemoSubcategory(
                department, title[0], Split(title[1], ','), from, to, lists, lists["titles"], [.. facets, .. shared]));
        }

        return department;
    }

    private static void Add(string line, Dictionary<string, string[]> lists, List<DemoFacet> facets)
    {
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon > 0 && !line.Contains('|', StringComparison.Ordinal))
        {
            lists.Add(line[..colon], Split(line[(colon + 1)..], ';'));
            return;
        }

        string[] parts = Split(line, '|');
        string[] head = parts[0].Split(' ', 2);
        facets.Add(new DemoFacet(
            head[0].TrimEnd('!'),
            head[0].EndsWith('!'),
            head[1],
            Split(parts[1], ';'),
            [.. parts[2..]
                .Select(part => part.Split('='))
                .Select(pair => new DemoConcept(pair[0], Split(pair[1], ',')))]));
    }

    private static (int Low, int High) Prices(string range)
    {
        string[] ends = range.Split('-');
        return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture));
    }

    private static string[] Split(string text, char separator) =>
        text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
