using Palate.Hosting;

namespace Palate.Serving.Tests;

/// <summary>A store in memory whose generations answer with the items 1, 2, 3 and so on.</summary>
internal sealed class FakeStore
{
    private readonly Dictionary<string, Func<RecommendRequest, CancellationToken, ValueTask<Recommendation>>>
        _answers = [];

    public string? Current { get; set; }

    public HashSet<string> Damaged { get; } = [];

    public Budget Allowed { get; set; } = new();

    public int Loads { get; private set; }

    public GenerationFeed Feed => new(
        () => Current,
        Load,
        () => [.. _answers.Keys.Select(Manifest)]);

    public FakeStore Publish(
        string name, Func<RecommendRequest, CancellationToken, ValueTask<Recommendation>>? answer = null)
    {
        _answers[name] = answer ?? ((request, _) => ValueTask.FromResult(Answer(name, request)));
        Current = name;
        return this;
    }

    public static Recommendation Answer(string generation, RecommendRequest request) => new()
    {
        UserId = request.UserId,
        Generation = generation,
        Mode = Mode.Full(ReasonCode.Complete, "Every stage ran."),
        Pipeline = request.Pipeline ?? "default",
        Candidates = 200,
        Items =
        [
            .. Enumerable.Range(1, request.Count).Select(rank => new RecommendedItem
            {
                ItemId = $"{rank}",
                Title = $"Item {rank} <b>",
                Rank = rank,
                Score = 1f / rank,
                Stages = [new StageScore("rank", 2f / rank, 1f / rank, rank)],
                Sources = [new Proposal("als", rank, 3f / rank)],
                Explanation = request.Explain ? new Explanation("rank", 1f / rank, "als said so") : null,
                Features = request.LogFeatures ? new Dictionary<string, float> { ["als.Score"] = 0.5f } : null,
            }),
        ],
        Timings = [new StageTiming("rank", 0.25)],
    };

    private static GenerationManifest Manifest(string name) => new()
    {
        Name = name,
        CreatedAt = DateTimeOffset.UnixEpoch,
        DataHash = "d41d",
        Counts = new GenerationCounts(1, 1, 1),
        Parameters = default,
    };

    private ServedGeneration Load(string name)
    {
        Loads++;
        return Damaged.Contains(name)
            ? throw new InvalidDataException($"als.bin of '{name}' ends too early.")
            : new ServedGeneration(name, _answers[name]) { BudgetOf = _ => Allowed };
    }
}
