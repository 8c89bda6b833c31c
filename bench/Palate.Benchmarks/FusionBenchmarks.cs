using BenchmarkDotNet.Attributes;

namespace Palate.Benchmarks;

/// <summary>The merge of one request: eight sources that propose skewed, overlapping items.</summary>
[MemoryDiagnoser]
public class FusionBenchmarks
{
    // Several requests in turn: with one alone the branch predictor learns it by heart and the result flatters.
    private const int Requests = 64;
    private const int Sources = 8;
    private readonly ScoredItem[][] _proposals = new ScoredItem[Requests][];
    private readonly int[] _offsets = new int[Sources + 1];
    private Fusion _fusion = null!;
    private int _next;

    [Params(100, 200)]
    public int PerSource { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _fusion = new Fusion([.. Enumerable.Range(0, Sources).Select(source => $"source{source}")]);
        for (int request = 0; request < Requests; request++)
        {
            var random = new SeededRandom((ulong)request);
            var proposals = new List<ScoredItem>();
            for (int source = 0; source < Sources; source++)
            {
                var own = new HashSet<int>();
                while (own.Count < PerSource)
                {
                    own.Add((int)(1700 * Math.Pow(random.NextDouble(), 2.5)));
                }

                proposals.AddRange(own.Select((item, place) => new ScoredItem(item, -place)));
                _offsets[source + 1] = proposals.Count;
            }

            _proposals[request] = [.. proposals];
        }
    }

    [Benchmark]
    public CandidateSet Merge() => _fusion.Merge(_proposals[_next++ % Requests], _offsets);
}
