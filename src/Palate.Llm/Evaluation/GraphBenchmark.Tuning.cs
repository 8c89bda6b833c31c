namespace Palate.Llm;

/// <content>What is chosen on the first half of the users.</content>
public sealed partial class GraphBenchmark
{
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

        // The graph has to be no less accurate than the best shaper, and as diverse as that allows.
        double least = diverse!.Value.Row.Metrics[Ndcg];
        double diversity = Choose(
            tune, DiversityWeights, weight => [("Diversity", weight)], row => row.Metrics[Ndcg] >= least, row => row.Metrics[TopicNdcg]);
        double fairness = Choose(
            tune, FairnessWeights, weight => [("Fairness", weight)], row => row.Metrics[Ndcg] >= fairNdcg, row => -row.Metrics[_mad]);
        double balanced = Choose(
            tune,
            DiversityWeights,
            weight => [("Diversity", weight), ("Fairness", fairness)],
            row => row.Metrics[Ndcg] >= fairNdcg,
            row => row.Metrics[TopicNdcg]);
        return new Tuned(
            classical, diverse.Value.Reorderer, fair!.Value.Reorderer, diversity, fairness, balanced, fairness);
    }

    private double Choose(
        ReorderProtocol tune,
        double[] weights,
        Func<double, (string Node, double Weight)[]> goal,
        Func<ReorderRow, bool> isAllowed,
        Func<ReorderRow, double> worth)
    {
        ReorderRow[] rows =
            [.. tune.Run([.. weights.Select((weight, place) => ByRules($"weight {place}", tune, goal(weight)))], _stop).Skip(3)];
        int best = -1;
        for (int place = 0; place < rows.Length; place++)
        {
            best = isAllowed(rows[place]) && (best < 0 || worth(rows[place]) > worth(rows[best])) ? place : best;
        }

        return weights[Math.Max(0, best)];
    }

    /// <summary>The graph with a goal of these weights, led by rules.</summary>
    private Reorderer ByRules(string name, ReorderProtocol protocol, params (string Node, double Weight)[] weights)
    {
        var goal = new GraphGoal("swept", "", weights.ToDictionary(each => each.Node, each => each.Weight));
        var options = new GraphOptions
        {
            Execution = GraphExecution.Rules,
            Goals = GoalCatalog.Default.With(goal),
        };
        return Ordered(protocol, options, goal.Name, name, "good").Reorderer;
    }
}
