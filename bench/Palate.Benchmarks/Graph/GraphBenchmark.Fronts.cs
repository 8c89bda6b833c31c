using System.Globalization;

namespace Palate.Benchmarks;

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
        points.AddRange(Goal("graph balanced", BalancedDiversities, weight => [("Diversity", weight), ("Fairness", BalancedFairness)]));
        return points;

        IEnumerable<ReorderFrontPoint> Goal(
            string name, double[] weights, Func<double, (string Node, double Weight)[]> goal) =>
            test.Run([.. weights.Select((weight, place) => ByRules($"{name} {place}", test, goal(weight)))], _stop)
                .Skip(3).Select((row, place) => new ReorderFrontPoint(name, (float)weights[place], row));
    }

    private IReadOnlyList<ReorderCheck> Check(
        ReorderProtocol test, List<ReorderReportRow> table, List<ReorderFrontPoint> points, Tuned tuned)
    {
        Dictionary<string, ReorderRow> rows = table.Take(table.FindIndex(row => row.Section == "ablation"))
            .ToDictionary(row => row.Row.Name, row => row.Row, StringComparer.Ordinal);
        ReorderRow @base = rows["base"];
        ReorderRow diverse = rows["graph algorithm: diversity"];
        ReorderRow classical = rows[tuned.BestDiversity.Name];
        ReorderRow fair = rows["graph algorithm: fairness"];
        ReorderRow balanced = rows["graph algorithm: balanced"];
        IReadOnlyDictionary<string, ReorderDifference> beyond = test.Between(diverse, classical, _stop);
        double loss = 1 - (fair.Metrics[Ndcg] / @base.Metrics[Ndcg]);
        return
        [
            new ReorderCheck(
                "Diversity: as diverse as the best tuned classical method at no greater loss of NDCG",
                diverse.Metrics[TopicNdcg] >= classical.Metrics[TopicNdcg] && diverse.Metrics[Ndcg] >= classical.Metrics[Ndcg],
                $"Topic NDCG {Show(diverse, TopicNdcg)} against {Show(classical, TopicNdcg)} of {tuned.BestDiversity.Name}, {Show(beyond[TopicNdcg])}; NDCG {Show(diverse, Ndcg)} against {Show(classical, Ndcg)}, {Show(beyond[Ndcg])}; base {Show(@base, Ndcg)}."),
            new ReorderCheck(
                "Fairness: pooled MAD at most a quarter of the base's at a loss of NDCG of at most 2 %",
                fair.Metrics[_mad] <= @base.Metrics[_mad] / 4 && loss <= 0.02,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_mad} {Show(fair, _mad)} against {Show(@base, _mad)}; NDCG {Show(fair, Ndcg)} against {Show(@base, Ndcg)}, {100 * loss:0.0} % lost.")),
            Front("diversity", TopicNdcg, test, balanced, points),
            Front("fairness", _mad, test, balanced, points),
        ];
    }

    /// <summary>
    /// Whether a single method is at least as accurate and better in the other metric, as far as the data can tell: a point
    /// is above only where the paired interval of that metric says so.
    /// </summary>
    private ReorderCheck Front(
        string name, string metric, ReorderProtocol test, ReorderRow balanced, List<ReorderFrontPoint> points)
    {
        double sign = ReorderProtocol.LowerIsBetter(metric) ? -1 : 1;
        (ReorderFrontPoint Point, ReorderDifference Accuracy, ReorderDifference Other)[] above =
        [
            .. from point in points
               where !point.Method.StartsWith("graph", StringComparison.Ordinal)
                   && point.Row.Metrics[Ndcg] >= balanced.Metrics[Ndcg]
                   && sign * point.Row.Metrics[metric] > sign * balanced.Metrics[metric]
               let less = test.Between(point.Row, balanced, _stop)
               select (point, less[Ndcg], less[metric]),
        ];
        int better = above.Count(each => IsBetter(each.Other, sign));
        int clear = above.Count(each => IsBetter(each.Accuracy, 1) && IsBetter(each.Other, sign));
        string who = "";
        if (above.Length > 0)
        {
            var (point, accuracy, other) = above.MaxBy(each => (IsBetter(each.Other, sign), each.Accuracy.Low));
            who = string.Create(
                CultureInfo.InvariantCulture,
                $" The furthest is {point.Method} at {point.Weight:0.##}: NDCG {Show(accuracy)}, {metric} {Show(other)}.");
        }

        return new ReorderCheck(
            $"Balanced: on or above the front of every single method, accuracy against {name}",
            better == 0,
            $"NDCG {Show(balanced, Ndcg)}, {metric} {Show(balanced, metric)}. Points that are at least as accurate and better: {above.Length}; where the interval of {metric} says so: {better}; where that of NDCG says so, too: {clear}.{who}");

        static bool IsBetter(ReorderDifference own, double sign) => sign > 0 ? own.Low > 0 : own.High < 0;
    }

    private static string Show(ReorderRow row, string metric) =>
        row.Metrics[metric].ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Show(ReorderDifference own) => string.Create(
        CultureInfo.InvariantCulture, $"{own.Mean:+0.0000;-0.0000;0} ({own.Low:+0.0000;-0.0000;0} to {own.High:+0.0000;-0.0000;0})");
}
