using BenchmarkDotNet.Attributes;

namespace Palate;

/// <summary>Scores 100 candidates of 40 features with 500 trees of depth 6, on one thread.</summary>
public class TreeScoringBenchmark
{
    private readonly float[] _scores = new float[100];
    private readonly float[] _contributions = new float[TreeWorld.Features];
    private FeatureMatrix _request = new(0, 0);
    private LambdaMart? _model;

    [GlobalSetup]
    public void Train()
    {
        RankingDataset data = TreeWorld.Make(100, 1);
        LambdaMartOptions options = TreeWorld.Options(500);
        options.LearningRate = 0.03f;
        _model = LambdaMart.Fit(data, options);
        _request = new FeatureMatrix(data.Features, _scores.Length);
        for (int feature = 0; feature < data.Features; feature++)
        {
            data[feature][..100].CopyTo(_request[feature]);
        }
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => _model!.Ensemble.Score(_request, _scores, TreeKernel.Scalar);

    [Benchmark]
    public void Avx2() => _model!.Ensemble.Score(_request, _scores, TreeKernel.Avx2);

    [Benchmark]
    public void Score() => _model!.Score(_request, _scores);

    [Benchmark]
    public float ExplainOne() => _model!.Explain(_request, 0, _contributions);
}
