using System.Globalization;
using BenchmarkDotNet.Attributes;

namespace Palate.Benchmarks;

/// <summary>One request through both stages, without HTTP: MovieLens 100K, ua.base, the default training.</summary>
[MemoryDiagnoser]
public class RequestBenchmark
{
    private Recommender _recommender = null!;
    private int _user;

    [GlobalSetup]
    public void Train()
    {
        string data = Environment.GetEnvironmentVariable("PALATE_DATA") ?? "../shared/data";
        TrainingData ua = Dataset.Load(new MovieLens100K(Path.Combine(data, "ml-100k"), "ua")).ToTrainingData();
        _recommender = new Recommender(Trainer.Train(ua, new TrainingOptions(), TimeProvider.System), TimeProvider.System);
    }

    [Benchmark]
    public Recommendation Recommend()
    {
        _user = _user % 943 + 1;
        var request = new RecommendRequest { UserId = _user.ToString(CultureInfo.InvariantCulture), Count = 5 };
        return _recommender.RecommendAsync(request).AsTask().Result;
    }
}
