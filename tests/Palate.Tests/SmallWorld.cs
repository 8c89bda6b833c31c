namespace Palate.Tests;

/// <summary>A world of two tastes: even users take even items, odd users odd ones, each but for a few.</summary>
internal static class SmallWorld
{
    public const int Users = 60;
    public const int Items = 40;

    public static TrainingData Data(ulong seed = 7, double density = 0.5, bool planted = true)
    {
        var random = new SeededRandom(seed);
        Item[] items =
        [
            .. Enumerable.Range(0, Items).Select(item => new Item($"i{item}")
            {
                Title = item % 2 == 0 ? $"Quiet garden {item}" : $"Loud engine {item}",
                Text = item % 2 == 0 ? "flowers and herbs for a calm day" : "pistons and oil for a fast race",
                Attributes = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["kind"] = [item % 2 == 0 ? "garden" : "engine"],
                    ["year"] = [(1980 + item).ToString(System.Globalization.CultureInfo.InvariantCulture)],
                },
            }),
        ];
        User[] users =
        [
            .. Enumerable.Range(0, Users).Select(user => new User($"u{user}")
            {
                Attributes = new Dictionary<string, IReadOnlyList<string>> { ["club"] = [user % 2 == 0 ? "a" : "b"] },
            }),
        ];
        List<int> who = [];
        List<int> what = [];
        List<float> values = [];
        List<long> times = [];
        for (int user = 0; user < Users; user++)
        {
            for (int item = 0; item < Items; item++)
            {
                bool fits = !planted || item % 2 == user % 2;
                if (random.NextDouble() < (fits ? density : 0.03))
                {
                    who.Add(user);
                    what.Add(item);
                    values.Add(1 + random.Next(5));
                    times.Add(1_000_000_000 + (86_400L * random.Next(200)));
                }
            }
        }

        var matrix = InteractionMatrix.Build(Users, Items, [.. who], [.. what], [.. values], [.. times]);
        return new TrainingData(new Catalog(items), users, matrix, "0123456789abcdef");
    }

    public static TrainingOptions Options { get; } = new()
    {
        Retrieval = new RetrievalOptions { Candidates = 30, PerSource = 30 },
        Ranking = new RankingOptions
        {
            LambdaMart = new LambdaMartOptions { Trees = 20, Tree = new TreeOptions { MaxDepth = 3 } },
        },
    };

    public static Generation Train(TrainingData? data = null, TrainingOptions? options = null) =>
        Trainer.Train(data ?? Data(), options ?? Options, TimeProvider.System);
}
