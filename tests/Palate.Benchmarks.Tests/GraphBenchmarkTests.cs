using System.Globalization;

namespace Palate.Benchmarks.Tests;

/// <summary>The comparison of the graph with others, on a small planted world.</summary>
public sealed class GraphBenchmarkTests
{
    private static readonly string[] Genres = ["Action", "Comedy", "Drama", "Horror", "Romance", "War"];

    private static readonly Lazy<ReorderReport> Report = new(() => GraphBenchmark.Run(World(), Options));

    private static GraphBenchmarkOptions Options => new()
    {
        Name = "planted",
        Candidates = 12,
        Draws = 2,
        Sensitivity = 3,
    };

    [Fact]
    public void The_table_has_every_method_execution_goal_ablation_and_sensitivity_once()
    {
        string[] sections = [.. Report.Value.Rows.Select(row => row.Section).Distinct()];
        string[] names = [.. Report.Value.Rows.Select(row => row.Section + ": " + row.Row.Name)];

        Assert.Equal(names.Distinct(), names);
        Assert.Equal(
            [
                "reference", "shaper alone", "model", "graph, algorithm", "graph, model", "graph, rules", "ablation",
                "model's quality", "steps", "pool", "11 candidates", "20 candidates", "30 candidates",
            ],
            sections.Take(10).Concat(["11 candidates", "20 candidates", "30 candidates"]));
        Assert.Equal(9, Report.Value.Rows.Count(row => row.Section == "shaper alone"));
        Assert.All(
            (string[])["accuracy", "diversity", "fairness", "balanced"],
            goal => Assert.Equal(3, Report.Value.Rows.Count(row => row.Row.Name.EndsWith(": " + goal, StringComparison.Ordinal))));
        Assert.Equal(8, Report.Value.Rows.Count(row => row.Section == "steps"));
        Assert.Equal(7, Report.Value.Rows.Count(row => row.Section == "ablation"));
        Assert.Equal(10, Report.Value.Rows.Count(row => row.Section == "model's quality"));
    }

    [Fact]
    public void The_graph_keeps_its_bounds_and_does_what_its_goals_say()
    {
        ReorderRow Row(string name) => Report.Value.Rows.First(row => row.Row.Name == name).Row;
        ReorderReportRow[] graphs = [.. Report.Value.Rows.Where(row => row.Section.StartsWith("graph", StringComparison.Ordinal))];

        Assert.All(graphs, row => Assert.InRange(row.Steps!.Value, 1, 5));
        Assert.All(graphs, row => Assert.InRange(row.Calls!.Value, 0, row.Steps!.Value + 1));
        Assert.All(graphs.Where(row => row.Section == "graph, rules"), row => Assert.Equal(0, row.Tokens));
        Assert.Equal(Row("base").Metrics["ndcg@10"], Row("graph rules: accuracy").Metrics["ndcg@10"]);
        Assert.True(Row("graph rules: diversity").Metrics["topic_ndcg@10"] > Row("base").Metrics["topic_ndcg@10"]);
        Assert.True(Row("graph rules: fairness").Metrics["mad_user@12"] < Row("base").Metrics["mad_user@12"]);
        Assert.True(Row("graph rules: balanced").Metrics["mad_user@12"] < Row("base").Metrics["mad_user@12"]);
    }

    [Fact]
    public void Checks_say_their_numbers_and_whoever_is_above_a_front()
    {
        Assert.Equal(4, Report.Value.Checks.Count);
        Assert.All(Report.Value.Checks, check => Assert.Contains("NDCG", check.Words, StringComparison.Ordinal));
        Assert.Contains(" to ", Report.Value.Checks[0].Words, StringComparison.Ordinal);
        Assert.Contains("Points that are at least as accurate and better", Report.Value.Checks[3].Words, StringComparison.Ordinal);
        Assert.Contains(Report.Value.Points, point => point.Method == "graph balanced");
        Assert.Contains(Report.Value.Points, point => point.Method == "parity");
        Assert.NotEmpty(Report.Value.Notes);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        ReorderReport again = GraphBenchmark.Run(World(), Options with { Sensitivity = 0 });

        Assert.Equal(Report.Value.Checks, again.Checks);
        Assert.Equal(Report.Value.Notes, again.Notes);
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphBenchmark.Run(World(), Options with { Candidates = 10 }));
    }

    // Even users take even items, odd ones odd items; what is new comes late in each row, so groups are uneven.
    private static TrainingData World()
    {
        var random = new Random(5);
        const int Items = 60;
        const int Users = 60;
        Item[] items =
        [
            .. Enumerable.Range(0, Items).Select(item => new Item($"i{item}")
            {
                Title = $"Thing {item}",
                Attributes = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["genre"] = [Genres[item % 4], Genres[random.Next(6)]],
                    ["year"] = [(1966 + item).ToString(CultureInfo.InvariantCulture)],
                },
            }),
        ];
        var whose = new List<int>();
        var what = new List<int>();
        for (int user = 0; user < Users; user++)
        {
            for (int item = 0; item < Items; item++)
            {
                if (random.NextDouble() < (item % 2 == user % 2 ? 0.7 - (item / 150.0) : 0.05))
                {
                    whose.Add(user);
                    what.Add(item);
                }
            }
        }

        var matrix = InteractionMatrix.Build(
            Users, Items, [.. whose], [.. what], [.. whose.Select(_ => 1f)], [.. whose.Select((_, place) => 1_000L + place)]);
        return new TrainingData(new Catalog(items), [.. Enumerable.Range(0, Users).Select(user => new User($"u{user}"))], matrix, "00");
    }
}
