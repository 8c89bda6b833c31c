using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Palate.Benchmarks;

/// <summary>
/// Exact top-100 of a whole catalog by inner product, one query per call; the peer is bench/peers/faiss_scan.py, which
/// says how to run both and which vectors they draw. The set-up fails unless both scans find the same items.
/// </summary>
[SimpleJob(RunStrategy.Throughput, warmupCount: 3, iterationCount: 15)]
[MemoryDiagnoser]
public class ScanBenchmark
{
    private const int Dimensions = 64;
    private const int Centres = 1000;

    private readonly ScoredItem[] _found = new ScoredItem[100];
    private ItemVectors _vectors = null!;
    private QuantizedScan _quantized = null!;
    private ItemFilter _filter = null!;
    private float[][] _queries = null!;
    private int _next;

    [Params(1_000_000, 5_000_000)]
    public int Items { get; set; }

    [Params("normal", "clustered")]
    public string Distribution { get; set; } = "";

    [Params(1, 2)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        bool clustered = Distribution == "clustered";
        _vectors = new ItemVectors(Dimensions, Draw(Items, clustered, seed: 42));
        _quantized = new QuantizedScan(_vectors);
        _filter = new ItemFilter(Items);
        _queries = [.. Draw(64, clustered, seed: 43).Chunk(Dimensions)];
        int rows = 0;
        foreach (float[] query in _queries)
        {
            var expected = new ScoredItem[100];
            VectorScan.Select(query, _vectors, _filter, expected, Workers);
            _quantized.Select(query, _filter, _found, Workers, QuantizedScan.Kernel.Best, out int rescored);
            rows += rescored;
            if (!expected.AsSpan().SequenceEqual(_found))
            {
                throw new InvalidOperationException("The quantized scan found other items than the float scan.");
            }
        }

        Console.WriteLine($"// Recall 1.0 for {_queries.Length} queries, {rows / _queries.Length} rows rescored on average.");
    }

    [Benchmark(Baseline = true)]
    public int SinglePrecision() => VectorScan.Select(Next(), _vectors, _filter, _found, Workers);

    [Benchmark]
    public int EightBit() => _quantized.Select(Next(), _filter, _found, Workers);

    private float[] Next() => _queries[_next++ % _queries.Length];

    private static float[] Draw(int rows, bool clustered, ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] data = new float[rows * Dimensions];
        float[] centres = new float[Centres * Dimensions];
        var shared = new SeededRandom(44);
        foreach (ref float value in centres.AsSpan())
        {
            value = (float)shared.NextNormal();
        }

        for (int row = 0; row < rows; row++)
        {
            Span<float> vector = data.AsSpan(row * Dimensions, Dimensions);
            int centre = clustered ? random.Next(Centres) : -1;
            for (int d = 0; d < Dimensions; d++)
            {
                float normal = (float)random.NextNormal();
                vector[d] = clustered ? centres[centre * Dimensions + d] + 0.3f * normal : normal;
            }

            if (clustered)
            {
                ItemVectors.Normalise(vector);
            }
        }

        return data;
    }
}
