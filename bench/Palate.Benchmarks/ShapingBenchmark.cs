using BenchmarkDotNet.Attributes;

namespace Palate.Benchmarks;

/// <summary>Shaping 100 candidates to 10, the similarities included: by genres, or by vectors of 64 numbers.</summary>
[MemoryDiagnoser]
public class ShapingBenchmark
{
    // Several lists in turn: with one alone the branch predictor learns it by heart and the result flatters.
    private const int Lists = 64;
    private const int Items = 2000;
    private readonly int[][] _items = new int[Lists][];
    private readonly float[][] _relevance = new float[Lists][];
    private AttributeColumn _genres = null!;
    private ItemVectors _vectors = null!;
    private int _next;

    [Params("mmr", "dpp", "dpp-window", "xquad", "pm2", "calibration")]
    public string Method { get; set; } = "";

    [Params(false, true)]
    public bool Vectors { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(1);
        _genres = AttributeColumn.Build(
            "genre",
            [
                .. Enumerable.Range(0, Items).Select(_ => new Dictionary<string, IReadOnlyList<string>>
                {
                    ["genre"] = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => $"genre {random.Next(18)}")],
                }),
            ]);
        _vectors = new ItemVectors(64, [.. Enumerable.Range(0, Items * 64).Select(_ => (float)random.NextNormal())]);
        for (int list = 0; list < Lists; list++)
        {
            int[] all = [.. Enumerable.Range(0, Items)];
            random.Shuffle<int>(all);
            _items[list] = all[..100];
            _relevance[list] = [.. Enumerable.Range(0, 100).Select(_ => (float)random.NextDouble()).OrderDescending()];
        }
    }

    [Benchmark]
    public int[] Shape()
    {
        int list = _next++ % Lists;
        ListTopics? topics = Vectors ? null : ListTopics.Of(_genres, _items[list]);
        var candidates = new ShapingList((float[])_relevance[list].Clone())
        {
            Topics = topics,
            Taste = topics?.TasteOf(_items[list].AsSpan(50)),
            Similarity = topics is null
                ? ListSimilarity.OfVectors(_vectors, _items[list])
                : ListSimilarity.OfTopics(topics),
        };
        Shaper shaper = Method switch
        {
            "mmr" => new Mmr(),
            "dpp" => new Dpp(),
            "dpp-window" => new Dpp(5),
            "xquad" => new Xquad(),
            "pm2" => new Pm2(),
            _ => new Calibration(),
        };
        return shaper.Shape(candidates, 10, 0.5f);
    }
}
