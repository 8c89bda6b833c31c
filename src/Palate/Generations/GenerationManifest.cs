using System.Text.Json;

namespace Palate;

/// <summary>What a generation is made of: the first thing that is read of it, and the last that is written.</summary>
public sealed record GenerationManifest
{
    /// <summary>The layout of the generation's files that this release reads and writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The layout of the files; see <see cref="CurrentFormat"/>.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The generation's name: a running number and the start of its data hash.</summary>
    public required string Name { get; init; }

    /// <summary>When it was trained.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The digest of the data that it was trained on.</summary>
    public required string DataHash { get; init; }

    /// <summary>How many items, users and interactions it was trained on.</summary>
    public required GenerationCounts Counts { get; init; }

    /// <summary>The parameters of the training, as they were given.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>What was measured while training, for example <c>validation ndcg@10</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The SHA-256 of every other file of the generation, by its name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}
