using System.Collections.Concurrent;
using Palate.Llm;

namespace Palate.Benchmarks;

/// <content>What is chosen on the first half of the users.</content>
public sealed partial class GraphBenchmark
{
    // How much more diverse than the shaper it has to be here, so that it is so on the other half, too.
    private const double Margin = 0.003;

    private static Shaper[] Diversities =>
        [new Mmr(), new Dpp(), new Xquad(usesTaste: false), new Xquad(), new Pm2(), new Calibration()];

    private static Shaper[] Fairnesses => [new FairTopK(), new Exposure(), new Exposure(isLinear: true)];

    private Tuned Tune(ReorderProtocol tune)
    {
        double ndcg = tune.Run([], _stop)[1].Metrics[Ndcg];
        double fairNdcg = (1 - _options.FairnessLoss) * ndcg;
        var classical = new List<Reorderer>();
        (Reorderer Reorderer, ReorderRow Row)? diverse = null;
        (Reorderer Reorderer, ReorderRow Row)? fair = null;
        foreach (Shaper shaper in Diversities)
        {
            var best = tune.Sweep([shaper], Swept, K, _stop)
                .Where(point => point.Row.Metrics[Ndcg] >= (1 - _options.DiversityLoss) * ndcg)
                .DefaultIfEmpty(tune.Sweep([shaper], [Swept[0]], K, _stop)[0])
                .MaxBy(point => point.Row.Metrics[TopicNdcg])!;
            Reorderer own = Reorderer.Of(shaper, best.Weight, K);
            classical.Add(own);
            diverse = diverse is null || best.Row.Metrics[TopicNdcg] > diverse.Value.Row.Metrics[TopicNdcg]
                ? (own, best.Row) : diverse;
        }

        foreach (Shaper shaper in Fairnesses)
        {
            // Fairness is of the whole list, so all of it is shaped.
            var best = tune.Sweep([shaper], Swept, _options.Candidates, _stop)
                .Where(point => point.Row.Metrics[Ndcg] >= fairNdcg)
                .DefaultIfEmpty(tune.Sweep([shaper], [Swept[0]], _options.Candidates, _stop)[0])
                .MinBy(point => point.Row.Metrics[_mad])!;
            Reorderer own = Reorderer.Of(shaper, best.Weight, _options.Candidates);
            classical.Add(own);
            fair = fair is null || best.Row.Metrics[_mad] < fair.Value.Row.Metrics[_mad] ? (own, best.Row) : fair;
        }

        // At least as diverse as the best shaper, and the most accurate of those: NDCG is what varies between halves.
        double most = diverse!.Value.Row.Metrics[TopicNdcg];
        double diversity = Choose(
            tune,
            [.. DiversityWeights.Select(weight => ((string, double)[])[("Diversity", weight)])],
            row => row.Metrics[TopicNdcg] >= most + Margin ? row.Metrics[Ndcg] : row.Metrics[TopicNdcg] - 2)[0].Weight;
        double fairness = Choose(
            tune,
            [.. FairnessWeights.Select(weight => ((string, double)[])[("Fairness", weight)])],
            row => row.Metrics[Ndcg] >= fairNdcg ? -row.Metrics[_mad] : row.Metrics[Ndcg] - 2)[0].Weight;
        double mad = tune.Run([], _stop)[1].Metrics[_mad];
        (string Node, double Weight)[] balanced = Choose(
            tune,
            [.. BalancedDiversities.Select(weight => ((string, double)[])[("Diversity", weight), ("Fairness", BalancedFairness)])],
            row => row.Metrics[Ndcg] >= (1 - _options.DiversityLoss) * ndcg && row.Metrics[_mad] <= mad / 4
                ? row.Metrics[TopicNdcg]
                : row.Metrics[Ndcg] - 2);
        return new Tuned(
            classical, diverse.Value.Reorderer, fair!.Value.Reorderer, diversity, fairness, balanced[0].Weight);
    }

    private (string Node, double Weight)[] Choose(
        ReorderProtocol tune, (string Node, double Weight)[][] goals, Func<ReorderRow, double> worth)
    {
        ReorderRow[] rows =
            [.. tune.Run([.. goals.Select((goal, place) => ByRules($"goal {place}", tune, goal))], _stop).Skip(3)];
        return goals.Zip(rows).MaxBy(each => worth(each.Second)).First;
    }

    /// <summary>The graph with a goal of these weights, led by rules.</summary>
    private Reorderer ByRules(string name, ReorderProtocol protocol, params (string Node, double Weight)[] weights)
    {
        var goal = new GraphGoal("swept", "", weights.ToDictionary(each => each.Node, each => each.Weight));
        var strategy = new GraphStrategy(new GraphOptions
        {
            Execution = GraphExecution.Rules,
            Goals = GoalCatalog.Default.With(goal),
        });
        var orders = new ConcurrentDictionary<ReorderCase, int[]>();
        Parallel.ForEach(
            protocol.Cases,
            new ParallelOptions { CancellationToken = _stop },
            own =>
            {
                RerankRequest request = _requests.GetOrAdd(own, one => Request(one, ""));
                var walker = (GraphStrategy)strategy.For(request with { Goal = goal.Name }, LlmRerankerOptions.UnlearnedAlpha);
                orders[own] = [.. walker.Walk(new Evidence(own.Scores, K)).Order];
            });
        return new Reorderer(name, own => orders[own]);
    }
}
