using System.Globalization;
using System.Text;

namespace Palate.Simulation;

/// <summary>Makes the demo world's queries: a meaning first, then one way to put it into words.</summary>
/// <remarks>
/// Items and queries choose their words independently, so the right items often share none with the query.
/// </remarks>
internal sealed class DemoQueries
{
    private readonly IReadOnlyList<DemoSubcategory> _shelves;
    private readonly DemoItem[] _items;
    private readonly SeededRandom _random;

    public DemoQueries(DemoOptions options, IReadOnlyList<DemoSubcategory> shelves, DemoItem[] items)
    {
        _shelves = shelves;
        _items = items;
        _random = new SeededRandom(options.Seed * 4 + 4);
    }

    public List<DemoQuery> Make(int count)
    {
        var queries = new List<DemoQuery>
        {
            Known("cozy mystery ebooks", "mystery", ("mood", "cozy"), ("format", "ebook")),
            Known("cordless headset for zoom calls", "headsets", ("link", "wireless"), ("use", "calls")),
        };
        var texts = new HashSet<string>(queries.Select(query => query.Text), StringComparer.Ordinal);
        while (queries.Count < count)
        {
            DemoQuery query = Invent(_random.Next(_shelves.Count));
            if (query.Grades.Contains(3) && texts.Add(query.Text))
            {
                queries.Add(query);
            }
        }

        return queries;
    }

    private DemoQuery Known(string text, string shelfName, params ReadOnlySpan<(string Facet, string Concept)> wanted)
    {
        int shelf = 0;
        while (_shelves[shelf].Name != shelfName)
        {
            shelf++;
        }

        var asked = new List<(int, int)>();
        foreach ((string facetName, string conceptName) in wanted)
        {
            int facet = Array.FindIndex(_shelves[shelf].Facets, one => one.Name == facetName);
            asked.Add((facet, Array.FindIndex(_shelves[shelf].Facets[facet].Concepts, one => one.Name == conceptName)));
        }

        return new DemoQuery(text, Grade(shelf, asked, double.PositiveInfinity));
    }

    private DemoQuery Invent(int shelf)
    {
        DemoFacet[] facets = _shelves[shelf].Facets;
        int[] order = [.. Enumerable.Range(0, facets.Length)];
        _random.Shuffle<int>(order);
        var asked = new List<(int Facet, int Concept)>();
        foreach (int facet in order.Take(1 + _random.Next(Math.Min(3, order.Length))).Order())
        {
            asked.Add((facet, _random.Next(facets[facet].Concepts.Length)));
        }

        double limit = double.PositiveInfinity;
        if (_random.Next(6) == 0)
        {
            double middle = (_shelves[shelf].LowPrice + _shelves[shelf].HighPrice) / 2.0;
            limit = Math.Ceiling(middle / 10) * 10;
        }

        return new DemoQuery(Words(shelf, asked, limit), Grade(shelf, asked, limit));
    }

    private string Words(int shelf, List<(int Facet, int Concept)> asked, double limit)
    {
        var before = new StringBuilder();
        var after = new StringBuilder();
        foreach ((int facet, int concept) in asked)
        {
            DemoFacet one = _shelves[shelf].Facets[facet];
            string form = DemoChance.Pick(_random, one.Concepts[concept].Forms);
            _ = one.Position switch
            {
                "<" => before.Append(form).Append(' '),
                "s" => after.Append(' ').Append(form).Append('s'),
                _ => after.Append(' ').Append(one.Position).Append(' ').Append(form),
            };
        }

        string noun = DemoChance.Pick(_random, _shelves[shelf].Nouns);
        string under = double.IsFinite(limit) ? string.Create(CultureInfo.InvariantCulture, $" under {limit:0}") : "";
        return $"{before}{noun}{after}{under}";
    }

    private int[] Grade(int shelf, List<(int Facet, int Concept)> asked, double limit)
    {
        int[] grades = new int[_items.Length];
        int wishes = asked.Count + (double.IsFinite(limit) ? 1 : 0);
        for (int item = 0; item < grades.Length; item++)
        {
            DemoItem one = _items[item];
            if (one.Subcategory == shelf)
            {
                int met = double.IsFinite(limit) && one.Price < limit ? 1 : 0;
                foreach ((int facet, int concept) in asked)
                {
                    met += one.Concepts[facet] == concept ? 1 : 0;
                }

                grades[item] = met == wishes ? 3 : 2 * met >= wishes ? 2 : 1;
            }
        }

        return grades;
    }
}
