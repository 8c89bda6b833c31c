using System.Globalization;

namespace Palate.Llm;

/// <content>The fronts, and what was to be reached.</content>
public sealed partial class GraphBenchmark
{
    private List<ReorderFrontPoint> Sweep(ReorderProtocol test)
    {
        var points = new List<ReorderFrontPoint>
        {
            new("base", 0, test.Run([], _stop)[1]),
        };
        points.AddRange(test.Sweep(Diversities, Swept, K, _stop));
        points.AddRange(test.Sweep(Fairnesses, Swept, _options.Candidates, _stop));
        points.AddRange(test.Sweep([new Parity(K)], Swept, _options.Candidates, _stop));
        points.AddRange(Goal("graph diversity", DiversityWeights, weight => [("Diversity", weight)]));
        points.AddRange(Goal("graph fairness", FairnessWeights, weight => [("Fairness", weight)]));
        points.AddRange(Goal("graph balanced", DiversityWeights, weight => [("Diversity", weight), ("Fairness", 2)]));
        return points;

        IEnumerable<ReorderFrontPoint> Goal(
            string name, double[] weights, Func<double, (string Node, double Weight)[]> goal) =>
            test.Run([.. weights.Select((weight, place) => ByRules($"{name} {place}", test, goal(weight)))], _stop)
                .Skip(3).Select((row, place) => new ReorderFrontPoint(name, (float)weights[place], row));
    }

    private IReadOnlyList<ReorderCheck> Check(List<ReorderReportRow> table, List<ReorderFrontPoint> points, Tuned tuned)
    {
        Dictionary<string, ReorderRow> rows = table.Take(table.FindIndex(row => row.Section == "ablation"))
            .ToDictionary(row => row.Row.Name, row => row.Row, StringComparer.Ordinal);
        ReorderRow @base = rows["base"];
        ReorderRow diverse = rows["graph algorithm: diversity"];
        ReorderRow classical = rows[tuned.BestDiversity.Name];
        ReorderRow fair = rows["graph algorithm: fairness"];
        ReorderRow balanced = rows["graph algorithm: balanced"];
        double loss = 1 - (fair.Metrics[Ndcg] / @base.Metrics[Ndcg]);
        return
        [
            new ReorderCheck(
                "Diversity: as diverse as the best tuned classical method at no greater loss of NDCG",
                diverse.Metrics[TopicNdcg] >= classical.Metrics[TopicNdcg] && diverse.Metrics[Ndcg] >= classical.Metrics[Ndcg],
                $"topic NDCG {Show(diverse, TopicNdcg)} against {Show(classical, TopicNdcg)} of {tuned.BestDiversity.Name}; NDCG {Show(diverse, Ndcg)} against {Show(classical, Ndcg)} (base {Show(@base, Ndcg)})."),
            new ReorderCheck(
                "Fairness: pooled MAD at most a quarter of the base's at a loss of NDCG of at most 2 %",
                fair.Metrics[_mad] <= @base.Metrics[_mad] / 4 && loss <= 0.02,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_mad} {Show(fair, _mad)} against {Show(@base, _mad)}; NDCG {Show(fair, Ndcg)} against {Show(@base, Ndcg)}, {100 * loss:0.0} % lost.")),
            Front("diversity", TopicNdcg, balanced, points),
            Front("fairness", _mad, balanced, points),
        ];
    }

    /// <summary>Whether a single method is better in accuracy and in the other metric at once.</summary>
    private static ReorderCheck Front(
        string name, string metric, ReorderRow balanced, List<ReorderFrontPoint> points)
    {
        double sign = ReorderProtocol.LowerIsBetter(metric) ? -1 : 1;
        ReorderFrontPoint[] above =
        [
            .. points.Where(point => !point.Method.StartsWith("graph", StringComparison.Ordinal)
                && point.Method != "parity"
                && point.Row.Metrics[Ndcg] >= balanced.Metrics[Ndcg]
                && sign * point.Row.Metrics[metric] > sign * balanced.Metrics[metric]),
        ];
        string who = above.Length == 0 ? "no single method is at least as accurate and better"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{above.Length} points are above, for example {above[0].Method} at {above[0].Weight:0.##} with NDCG {Show(above[0].Row, Ndcg)} and {Show(above[0].Row, metric)}");
        return new ReorderCheck(
            $"Balanced: on or above the front of every single method, accuracy against {name}",
            above.Length == 0,
            $"NDCG {Show(balanced, Ndcg)}, {metric} {Show(balanced, metric)}; {who}.");
    }

    private static string Show(ReorderRow row, string metric) =>
        row.Metrics[metric].ToString("0.0000", CultureInfo.InvariantCulture);
}
