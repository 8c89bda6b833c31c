using System.Globalization;

namespace Palate.Simulation;

/// <summary>The demo world's users: what they like, and how much each of them likes each item.</summary>
internal sealed class DemoTastes
{
    // Who is likely to shop on which shelves; ages go with it, so that attributes of users say something.
    private static readonly (string Segment, int Youngest, int Oldest, string[] Shelves)[] Segments =
    [
        ("student", 18, 28, ["science fiction", "laptops", "headsets", "dumbbells", "keyboards", "speakers"]),
        ("parent", 28, 48, ["children's books", "cookbooks", "vacuum cleaners", "bedding", "tents", "cameras"]),
        ("commuter", 24, 58, ["headsets", "mystery", "smart watches", "bike helmets", "science fiction", "laptops"]),
        ("homebody", 30, 70, ["romance", "mystery", "lamps", "coffee makers", "bedding", "cookware"]),
        ("athlete", 18, 45, ["running shoes", "smart watches", "yoga mats", "dumbbells", "tents", "bike helmets"]),
        ("creative", 22, 60, ["cameras", "history", "keyboards", "coffee makers", "lamps", "cookbooks"]),
        ("retired", 60, 85, ["history", "mystery", "coffee makers", "cameras", "yoga mats", "vacuum cleaners"]),
    ];

    private static readonly string[] Regions = ["north", "south", "east", "west", "islands"];

    private const int MostMakers = 16;
    private readonly IReadOnlyList<DemoSubcategory> _shelves;
    private readonly DemoItem[] _items;
    private readonly double[][] _shelfTaste;

    // The liking of maker m of shelf s is at s * MostMakers + m.
    private readonly double[][] _makerTaste;
    private readonly double[] _priceLevel;
    private readonly double[][] _hidden;

    public DemoTastes(DemoOptions options, IReadOnlyList<DemoSubcategory> shelves, DemoItem[] items)
    {
        _shelves = shelves;
        _items = items;
        var random = new SeededRandom(options.Seed * 4 + 2);
        Users = new User[options.Users];
        _shelfTaste = new double[options.Users][];
        _makerTaste = new double[options.Users][];
        _priceLevel = new double[options.Users];
        _hidden = new double[options.Users][];
        for (int user = 0; user < options.Users; user++)
        {
            MakeOne(user, random);
        }
    }

    public User[] Users { get; }

    /// <summary>How much a user likes an item, about -6 to 7; the user's choices follow from it.</summary>
    public double Utility(int user, int item)
    {
        DemoItem one = _items[item];
        double fit = one.PriceLevel - _priceLevel[user];
        double utility = _shelfTaste[user][one.Subcategory] + one.Quality - (3 * fit * fit)
            + _makerTaste[user][(one.Subcategory * MostMakers) + one.Maker];
        double[] mine = _hidden[user];
        double[] its = one.Hidden;
        for (int at = 0; at < mine.Length; at++)
        {
            utility += mine[at] * its[at];
        }

        return utility;
    }

    private void MakeOne(int user, SeededRandom random)
    {
        (string segment, int youngest, int oldest, string[] likely) = DemoChance.Pick(random, Segments);
        double[] taste = new double[_shelves.Count];
        for (int shelf = 0; shelf < taste.Length; shelf++)
        {
            taste[shelf] = -2.2 + (DemoChance.Normal(random) * 0.4);
        }

        double[] makers = new double[_shelves.Count * MostMakers];
        int favourites = 2 + random.Next(4);
        for (int favourite = 0; favourite < favourites; favourite++)
        {
            int shelf = random.Next(4) > 0 ? ShelfNamed(DemoChance.Pick(random, likely)) : random.Next(taste.Length);
            taste[shelf] = Math.Max(taste[shelf], 1.5 + (random.NextDouble() * 1.5));
            makers[(shelf * MostMakers) + random.Next(_shelves[shelf].Words["makers"].Length)] = 1.2;
            for (int other = 0; other < taste.Length; other++)
            {
                bool isNear = _shelves[other].Department == _shelves[shelf].Department;
                taste[other] = isNear ? Math.Max(taste[other], -0.8) : taste[other];
            }
        }

        _shelfTaste[user] = taste;
        _makerTaste[user] = makers;
        _priceLevel[user] = random.NextDouble();
        _hidden[user] = new double[DemoItems.Hidden];
        for (int at = 0; at < DemoItems.Hidden; at++)
        {
            _hidden[user][at] = DemoChance.Normal(random) * 0.8;
        }

        int age = youngest + random.Next(oldest - youngest + 1);
        Users[user] = new User(string.Create(CultureInfo.InvariantCulture, $"u{user + 1:0000}"))
        {
            Attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
            {
                ["age"] = [age.ToString(CultureInfo.InvariantCulture)],
                ["region"] = [DemoChance.Pick(random, Regions)],
                ["segment"] = [segment],
            },
        };
    }

    private int ShelfNamed(string name)
    {
        for (int shelf = 0; shelf < _shelves.Count; shelf++)
        {
            if (_shelves[shelf].Name == name)
            {
                return shelf;
            }
        }

        throw new ArgumentException($"The demo shop has no shelf '{name}'.", nameof(name));
    }
}
