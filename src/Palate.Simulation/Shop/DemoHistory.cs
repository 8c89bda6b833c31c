namespace Palate.Simulation;

/// <summary>What the demo world's users did: sessions of views, some of which end in a purchase.</summary>
internal sealed class DemoHistory
{
    private const int Day = 86_400;
    private const int LearnDays = 165;
    private const int AllDays = 180;
    private const double Sharpness = 1.5;

    private readonly DemoOptions _options;
    private readonly DemoItem[] _items;
    private readonly IReadOnlyList<DemoSubcategory> _shelves;
    private readonly DemoTastes _tastes;
    private readonly SeededRandom _random;
    private readonly double[] _popularity;

    public DemoHistory(
        DemoOptions options, IReadOnlyList<DemoSubcategory> shelves, DemoItem[] items, DemoTastes tastes)
    {
        _options = options;
        _shelves = shelves;
        _items = items;
        _tastes = tastes;
        _random = new SeededRandom(options.Seed * 4 + 3);
        int[] ranks = [.. Enumerable.Range(0, items.Length)];
        _random.Shuffle<int>(ranks);
        _popularity = [.. ranks.Select(rank => 1 / (1 + (rank * 120.0 / items.Length)))];
    }

    /// <summary>The interactions of the first 165 days, by time, and purchases of other items in the last 15.</summary>
    public (Interaction[] Learn, Interaction[] HeldOut) Make(CancellationToken stop)
    {
        int[] counts = Activity();
        var learn = new List<Interaction>(_options.Interactions);
        var heldOut = new List<Interaction>();
        double[] sums = new double[_items.Length];
        for (int user = 0; user < counts.Length; user++)
        {
            stop.ThrowIfCancellationRequested();
            double sum = 0;
            for (int item = 0; item < sums.Length; item++)
            {
                sum += _popularity[item] * DemoChance.Exp(Sharpness * _tastes.Utility(user, item));
                sums[item] = sum;
            }

            var seen = new HashSet<int>();
            Browse(user, counts[user], sums, seen, learn);
            BuyLater(user, Math.Clamp(counts[user] / 8, 2, 10), sums, seen, heldOut);
        }

        return (InOrder(learn), InOrder(heldOut));
    }

    private static Interaction[] InOrder(List<Interaction> interactions) => [.. interactions
        .OrderBy(one => one.Time)
        .ThenBy(one => one.UserId, StringComparer.Ordinal)
        .ThenBy(one => one.ItemId, StringComparer.Ordinal)
        .ThenBy(one => one.Type, StringComparer.Ordinal)];

    // Few users do much: weights 1 / (0.06 + uniform) lie between 1 and 17. Rounding keeps the exact total.
    private int[] Activity()
    {
        const int Least = 5;
        double[] weights = new double[_options.Users];
        double total = 0;
        for (int user = 0; user < weights.Length; user++)
        {
            weights[user] = 1 / (0.06 + _random.NextDouble());
            total += weights[user];
        }

        int free = _options.Interactions - (Least * _options.Users);
        int[] counts = new int[weights.Length];
        double sum = 0;
        int given = 0;
        for (int user = 0; user < counts.Length; user++)
        {
            sum += weights[user];
            int upTo = user == counts.Length - 1 ? free : (int)(free * (sum / total));
            counts[user] = Least + upTo - given;
            given = upTo;
        }

        return counts;
    }

    private void Browse(int user, int count, double[] sums, HashSet<int> seen, List<Interaction> learn)
    {
        var taken = new HashSet<(int, string, long)>();
        int left = count;
        while (left > 0)
        {
            long time = TimeIn(0, LearnDays);
            for (int views = 1 + _random.Next(6); views > 0 && left > 0; views--)
            {
                time += 20 + _random.Next(240);
                int item = Choose(sums, time);
                seen.Add(item);
                left -= Add(user, item, "view", time, taken, learn);
                if (left > 0 && _random.NextDouble() < 0.35 * Relevance(user, item))
                {
                    time += 30 + _random.Next(600);
                    left -= Add(user, item, "purchase", time, taken, learn);
                }
            }
        }
    }

    private void BuyLater(int user, int count, double[] sums, HashSet<int> seen, List<Interaction> heldOut)
    {
        for (int attempt = 0; attempt < 400 && count > 0; attempt++)
        {
            long time = TimeIn(LearnDays, AllDays);
            int item = Choose(sums, time);
            if (_random.NextDouble() < Relevance(user, item) && seen.Add(item))
            {
                heldOut.Add(new Interaction(_tastes.Users[user].Id, _items[item].Item.Id, "purchase", 1, time));
                count--;
            }
        }
    }

    private int Add(
        int user, int item, string type, long time, HashSet<(int, string, long)> taken, List<Interaction> learn)
    {
        if (!taken.Add((item, type, time)))
        {
            return 0;
        }

        learn.Add(new Interaction(_tastes.Users[user].Id, _items[item].Item.Id, type, 1, time));
        return 1;
    }

    // Most people shop in the evening: the later of two hours.
    private long TimeIn(int firstDay, int endDay)
    {
        int day = firstDay + _random.Next(endDay - firstDay);
        int hour = Math.Max(_random.Next(23), _random.Next(23));
        return _options.Start + ((long)day * Day) + (hour * 3600L) + _random.Next(1800);
    }

    // Items that are not there yet are never chosen; new ones get more attention, and each department has its season.
    private int Choose(double[] sums, long time)
    {
        int chosen = 0;
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int item = DemoChance.PickBySum(_random, sums);
            long age = time - _items[item].Item.AddedAt!.Value;
            if (age < 0)
            {
                continue;
            }

            chosen = item;
            double interest = (age < 21 * Day ? 1 : 0.6) * Season(item, time);
            if (_random.NextDouble() < interest)
            {
                break;
            }
        }

        return chosen;
    }

    // Between 0.8 and 1: sport is strongest at the start (summer), books and home at the end (winter).
    private double Season(int item, long time)
    {
        double passed = Math.Clamp((double)(time - _options.Start) / (AllDays * Day), 0, 1);
        return _shelves[_items[item].Subcategory].Department.Name switch
        {
            "sport" => 1 - (0.2 * passed),
            "electronics" => 0.9,
            _ => 0.8 + (0.2 * passed),
        };
    }

    private double Relevance(int user, int item) => DemoWorld.Relevance(_tastes.Utility(user, item));
}
