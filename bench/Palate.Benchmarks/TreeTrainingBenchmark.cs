using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Palate;

/// <summary>Trains 300 trees of depth 6 on 150,000 rows of 40 features, with two threads.</summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class TreeTrainingBenchmark
{
    private RankingDataset? _data;

    [Params(RankingObjective.Logistic, RankingObjective.LambdaRank)]
    public RankingObjective Objective { get; set; }

    [GlobalSetup]
    public void Make() => _data = TreeWorld.Make(1000, 1);

    [Benchmark]
    public int Train()
    {
        LambdaMartOptions options = TreeWorld.Options(300);
        options.Objective = Objective;
        return LambdaMart.Fit(_data!, options).Trees;
    }
}
