namespace Palate.Tests;

public class PipelineComparisonTests
{
    private static readonly GradedRequest[] Requests =
    [
        .. Enumerable.Range(0, 20).Select(number => new GradedRequest(
            new RecommendRequest { UserId = FormattableString.Invariant($"u{number}") },
            new Dictionary<string, int> { ["right"] = 1 })),
        new(new RecommendRequest { UserId = "nobody" }, new Dictionary<string, int>()),
    ];

    [Fact]
    public async Task Gains_are_paired_and_against_the_first_pipeline()
    {
        PipelineComparison comparison = await PipelineComparison.RunAsync(Answer, ["poor", "good"], Requests);

        Assert.Equal(20, comparison.Requests);
        Assert.Equal(1 / Math.Log2(3), comparison.Rows[0].Ndcg, 6);
        Assert.Equal(0, comparison.Rows[0].Gain);
        Assert.Equal(1, comparison.Rows[1].Ndcg, 6);
        Assert.Equal(1 - (1 / Math.Log2(3)), comparison.Rows[1].Gain, 6);
        Assert.Equal(comparison.Rows[1].Gain, comparison.Rows[1].GainInterval.Low, 6);
    }

    [Fact]
    public async Task Usage_and_modes_are_summed_over_the_requests()
    {
        PipelineComparison comparison = await PipelineComparison.RunAsync(Answer, ["poor", "good"], Requests);

        PipelineRow good = comparison.Rows[1];
        Assert.Equal(60, good.Calls);
        Assert.Equal(0.00004m, good.Dollars);
        Assert.Equal(20, good.Modes["full"]);
        Assert.Equal(20, comparison.Rows[0].Modes["base"]);
        Assert.Equal(5, good.P50Milliseconds);
    }

    private static ValueTask<Recommendation> Answer(RecommendRequest request, CancellationToken stop)
    {
        bool isGood = request.Pipeline == "good";
        string[] ids = isGood ? ["right", "wrong"] : ["wrong", "right"];
        return ValueTask.FromResult(new Recommendation
        {
            Items =
            [
                .. ids.Select((id, place) => new RecommendedItem
                {
                    ItemId = id,
                    Title = id,
                    Rank = place + 1,
                    Score = -place,
                    Stages = [],
                    Sources = [],
                }),
            ],
            Mode = isGood ? Mode.Full(ReasonCode.Complete, "") : default,
            Generation = "g",
            Pipeline = request.Pipeline!,
            Usage = isGood ? new RerankUsage { Calls = 3, MicroDollars = 2 } : null,
            Timings = [new StageTiming("rank", 2), new StageTiming("rerank", 3)],
        });
    }
}
