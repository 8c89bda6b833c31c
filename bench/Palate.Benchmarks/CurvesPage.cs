namespace Palate.Benchmarks;

/// <summary>Quality against tokens, depth and time, as one page.</summary>
internal static class CurvesPage
{
    private const double Noise = .7;

    /// <summary>Runs <c>curves --html FILE [--trials N] [--seed S] [--queries N] [--strategies A,B]</c>.</summary>
    public static int Run(string[] args)
    {
        string path = Arguments.Text(args, "--html") ?? "curves.html";
        int trials = Arguments.Number(args, "--trials", 60);
        int seed = Arguments.Number(args, "--seed", 900_000);
        int queries = Arguments.Number(args, "--queries", 200);
        string[] timed = Arguments.Names(args, "--strategies", ["adaptive", "pointwise-batched", "listwise", "blocks", "rankgpt"]);
        var weak = StrategyBenchmark.Measure(.3, Noise, trials, seed, 1, isWhole: true).ToList();
        var good = StrategyBenchmark.Measure(.8, Noise, trials, seed, 1, isWhole: true).ToList();
        File.WriteAllText(path, HtmlReport.Render(
            "What a language model's judgment brings, and what it takes",
            "Every re-ranking strategy over the same requests: quality by tokens, by the number of calls that follow one another, and by the deadline.",
            [
                (
                    "By tokens",
                    $"100 candidates, NDCG@10 of {trials} requests, a simulated judge that adds noise of {Noise} standard deviations to every look. Tokens of prompts and replies as in the demo world.",
                    [
                        Plotted("Weak base", weak, "tokens a request, thousands", point => point.Tokens / 1000, [1, 2, 5, 10, 20, 50, 100]),
                        Plotted("Good base", good, "tokens a request, thousands", point => point.Tokens / 1000, [1, 2, 5, 10, 20, 50, 100]),
                    ]),
                (
                    "By depth",
                    "The same requests against how many calls follow one another: what a request waits for.",
                    [
                        Plotted("Weak base", weak, "calls one after the other", point => point.Depth, [1, 2, 5, 10, 20, 50, 100, 200]),
                        Plotted("Good base", good, "calls one after the other", point => point.Depth, [1, 2, 5, 10, 20, 50, 100, 200]),
                    ]),
                (
                    "By deadline",
                    $"{queries / 2} queries of the demo world, 50 candidates; the model takes 4 ms and 0.05 ms a token; weights learned on as many other queries. On the left the base orders by popularity, on the right by text search, to which a model that reads words adds nothing and therefore is not asked.",
                    [
                        Timed("Base by popularity", AnytimeBenchmark.Curves(timed, queries, 50, isPopular: true)),
                        Timed("Base by text search", AnytimeBenchmark.Curves(timed, queries, 50, isPopular: false)),
                    ]),
            ]));
        Console.WriteLine($"Wrote {path}.");
        return 0;
    }

    private static Plot Plotted(
        string title, List<StrategyPoint> points, string horizontal, Func<StrategyPoint, double> of, double[] marks)
    {
        StrategyPoint start = points.First(point => point.Method == "base");
        bool isDepth = marks[^1] > 100;
        return new Plot(
            title,
            FormattableString.Invariant($"correlation with the truth {(title.StartsWith("Weak", StringComparison.Ordinal) ? .3 : .8)}; the base alone {start.Ndcg:0.000}"),
            horizontal,
            [
                isDepth ? Only("adaptive 120", "adaptive", "s0") : Line("adaptive ", "adaptive", "s0"),
                isDepth ? Only("adaptive-brief 120", "adaptive-brief", "s1") : Line("adaptive-brief ", "adaptive-brief", "s1"),
                .. points.Where(point => point != start && !point.Method.StartsWith("adaptive", StringComparison.Ordinal))
                    .Select(point => new Plot.Curve(point.Method, "other", [(of(point), point.Ndcg)])),
            ])
        {
            Marks = marks,
            IsLogarithmic = true,
        };

        Plot.Curve Only(string method, string name, string look) =>
            new(name, look, [.. points.Where(point => point.Method == method).Select(point => (of(point), point.Ndcg))]);

        Plot.Curve Line(string method, string name, string look) => new(
            name,
            look,
            [.. points.Where(point => point.Method.StartsWith(method, StringComparison.Ordinal)).Select(point => (of(point), point.Ndcg))]);
    }

    private static Plot Timed(string title, IReadOnlyList<IReadOnlyList<AnytimePoint>> curves) => new(
        title,
        "NDCG@10 by the deadline, milliseconds",
        "deadline, ms; the first is 0",
        [
            .. curves.Select((curve, place) => new Plot.Curve(
                curve[0].Strategy,
                $"s{place % 6}",
                [.. curve.Select(point => (Math.Max(2.5, point.Deadline), point.Ndcg))])),
        ])
    {
        Marks = [2.5, 5, 10, 20, 40, 80, 160, 320],
        IsLogarithmic = true,
    };
}
