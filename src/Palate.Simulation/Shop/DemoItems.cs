using System.Globalization;
using System.Text;

namespace Palate.Simulation;

/// <summary>Makes the demo world's items: what they are, and then what is written about them.</summary>
internal sealed class DemoItems
{
    public const int Hidden = 6;
    private const long Day = 86_400;

    private static readonly string[] Publishers =
        ["Harbour Lane Press", "Owl & Oak", "Second Shelf Books", "Paper Lantern", "Northgate House"];

    private readonly SeededRandom _random;
    private readonly DemoOptions _options;
    private readonly Dictionary<string, double[]> _directions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _titles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _chosen = new(StringComparer.Ordinal);

    public DemoItems(DemoOptions options)
    {
        _options = options;
        _random = new SeededRandom(options.Seed * 4 + 1);
    }

    public DemoItem[] Make(IReadOnlyList<DemoSubcategory> shelves)
    {
        var items = new DemoItem[_options.Items];
        for (int place = 0; place < items.Length; place++)
        {
            int shelf = place % shelves.Count;
            items[place] = MakeOne(shelves[shelf], shelf, place);
        }

        return items;
    }

    private DemoItem MakeOne(DemoSubcategory shelf, int place, int number)
    {
        int maker = _random.Next(shelf.Words["makers"].Length);
        int[] concepts = new int[shelf.Facets.Length];
        double[] hidden = [.. Direction($"{shelf.Name}/{shelf.Words["makers"][maker]}").Select(value => value * 0.7)];
        for (int facet = 0; facet < concepts.Length; facet++)
        {
            // The smaller of two draws: the first concepts are the common ones.
            DemoFacet one = shelf.Facets[facet];
            int count = one.Concepts.Length;
            concepts[facet] = Math.Min(_random.Next(count), _random.Next(count));
            double[] direction = Direction($"{one.Name}/{one.Concepts[concepts[facet]].Name}");
            for (int at = 0; at < Hidden; at++)
            {
                hidden[at] += (direction[at] * 0.6) + (DemoChance.Normal(_random) * 0.1);
            }
        }

        // Squaring puts most prices near the low end.
        double level = _random.NextDouble();
        double price = shelf.LowPrice + ((shelf.HighPrice - shelf.LowPrice) * level * level);
        price = Math.Floor(price) + (_random.Next(2) == 0 ? 0.99 : 0.50);
        bool isNew = _random.Next(10) < 3;
        long added = isNew
            ? _options.Start + (_random.Next(170) * Day)
            : _options.Start - ((1 + _random.Next(900)) * Day);
        return new DemoItem
        {
            Item = Describe(shelf, shelf.Words["makers"][maker], concepts, price, added, number),
            Subcategory = place,
            Maker = maker,
            Concepts = concepts,
            Price = price,
            PriceLevel = level,
            Quality = DemoChance.Normal(_random) * 0.4,
            Hidden = hidden,
        };
    }

    private Item Describe(DemoSubcategory shelf, string maker, int[] concepts, double price, long added, int number)
    {
        _chosen.Clear();
        string category = shelf.Department.Name;
        string colour = shelf.Department.Colours.Length > 0 ? DemoChance.Pick(_random, shelf.Department.Colours) : "";
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["category"] = [category],
            ["subcategory"] = [shelf.Name],
            ["price"] = [price.ToString("0.00", CultureInfo.InvariantCulture)],
        };
        if (category == "books")
        {
            attributes["author"] = [maker];
            attributes["brand"] = [DemoChance.Pick(_random, Publishers)];
            attributes["year"] = [(2025 - _random.Next(20)).ToString(CultureInfo.InvariantCulture)];
        }
        else
        {
            attributes["brand"] = [maker];
            attributes["colour"] = [colour];
        }

        for (int facet = 0; facet < concepts.Length; facet++)
        {
            if (shelf.Facets[facet].IsAttribute)
            {
                attributes[shelf.Facets[facet].Name] = [shelf.Facets[facet].Concepts[concepts[facet]].Name];
            }
        }

        return new Item(string.Create(CultureInfo.InvariantCulture, $"{category}-{number + 1:0000}"))
        {
            Title = NewTitle(shelf, maker, concepts),
            Text = Text(shelf, maker, concepts, colour),
            Attributes = attributes,
            AddedAt = added,
        };
    }

    private string NewTitle(DemoSubcategory shelf, string maker, int[] concepts)
    {
        for (int attempt = 0; attempt < 5; attempt++)
        {
            string title = Fill(DemoChance.Pick(_random, shelf.Titles), shelf, maker, concepts);
            if (_titles.Add(title))
            {
                return title;
            }

            _chosen.Clear();
        }

        string edition = Fill(DemoChance.Pick(_random, shelf.Titles), shelf, maker, concepts)
            + (shelf.Department.Name == "books" ? " (Volume " : " (Mark ")
            + (2 + _random.Next(8)).ToString(CultureInfo.InvariantCulture)
            + ")";
        _titles.Add(edition);
        return edition;
    }

    private string Text(DemoSubcategory shelf, string maker, int[] concepts, string colour)
    {
        var sentences = new List<string>();
        for (int facet = 0; facet < concepts.Length; facet++)
        {
            // One in ten respects goes unsaid, as in a real shop.
            if (_random.Next(10) > 0)
            {
                string[] forms = shelf.Facets[facet].Concepts[concepts[facet]].Forms;
                sentences.Add(DemoChance.Pick(_random, shelf.Facets[facet].Sentences)
                    .Replace("{x}", DemoChance.Pick(_random, forms), StringComparison.Ordinal));
            }
        }

        sentences.Add(DemoChance.Pick(_random, shelf.Department.Fillers));
        if (colour.Length > 0 && _random.Next(2) == 0)
        {
            sentences.Add($"Shown here in {colour}.");
        }

        _random.Shuffle<string>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sentences));
        string opener = Fill(DemoChance.Pick(_random, shelf.Department.Openers), shelf, maker, concepts);
        return WithArticles(new StringBuilder(opener).Append(' ').AppendJoin(' ', sentences));
    }

    // Patterns say "a"; before a vowel that is heard as one it becomes "an".
    private static string WithArticles(StringBuilder text)
    {
        for (int at = text.Length - 3; at >= 0; at--)
        {
            bool isArticle = text[at] is 'a' or 'A' && text[at + 1] == ' ' && (at == 0 || text[at - 1] == ' ');
            if (isArticle && "aeiouAEIOU".Contains(text[at + 2], StringComparison.Ordinal))
            {
                string start = text.ToString(at + 2, Math.Min(3, text.Length - at - 2));
                if (start is not ("one" or "usb" or "uni"))
                {
                    text.Insert(at + 1, 'n');
                }
            }
        }

        return text.ToString();
    }

    // Replaces {maker}, {noun}, {n} (a model number), word lists and facets by words.
    private string Fill(string pattern, DemoSubcategory shelf, string maker, int[] concepts)
    {
        var text = new StringBuilder();
        int at = 0;
        while (at < pattern.Length)
        {
            int open = pattern.IndexOf('{', at);
            if (open < 0)
            {
                break;
            }

            int close = pattern.IndexOf('}', open);
            text.Append(pattern, at, open - at).Append(Word(pattern[(open + 1)..close], shelf, maker, concepts));
            at = close + 1;
        }

        text.Append(pattern, at, pattern.Length - at);
        text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }

    private string Word(string name, DemoSubcategory shelf, string maker, int[] concepts)
    {
        switch (name)
        {
            case "maker":
                return maker;
            case "noun":
                return DemoChance.Pick(_random, shelf.Nouns);
            case "n":
                return Once(name, ModelNumber);
            case "a" or "b" or "c" when shelf.Words.TryGetValue(name, out string[]? words):
                return Once(name, () => DemoChance.Pick(_random, words));
            default:
                int facet = Array.FindIndex(shelf.Facets, one => one.Name == name);
                string form = DemoChance.Pick(_random, shelf.Facets[facet].Concepts[concepts[facet]].Forms);
                return form.StartsWith("a ", StringComparison.Ordinal) ? form[2..] : form;
        }
    }

    private string ModelNumber() =>
        (((1 + _random.Next(9)) * 10) + (_random.Next(2) * 5)).ToString(CultureInfo.InvariantCulture);

    // The title and the text of an item call it by the same name.
    private string Once(string name, Func<string> choose)
    {
        if (!_chosen.TryGetValue(name, out string? word))
        {
            word = choose();
            _chosen.Add(name, word);
        }

        return word;
    }

    private double[] Direction(string name)
    {
        if (!_directions.TryGetValue(name, out double[]? direction))
        {
            direction = new double[Hidden];
            for (int at = 0; at < Hidden; at++)
            {
                direction[at] = DemoChance.Normal(_random) * 0.4;
            }

            _directions.Add(name, direction);
        }

        return direction;
    }
}
