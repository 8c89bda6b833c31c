using System.Text.Json;

namespace Palate;

/// <summary>One immutable, versioned set of trained models and indexes, and the data that they speak of.</summary>
/// <remarks>Safe to use from any thread. A request keeps the generation that it started with.</remarks>
public sealed class Generation
{
    private const string ItemsFile = "items.jsonl";
    private const string UsersFile = "users.jsonl";
    private const string MatrixFile = "interactions.bin";
    private const string SourcesFile = "sources.bin";
    private const string RankerName = "ranker.bin";

    private readonly Dictionary<string, Pipeline> _pipelines;

    internal Generation(
        GenerationManifest manifest,
        TrainingData data,
        TrainingOptions options,
        SourceSet sources,
        FeatureBuilder features,
        IRanker? ranker)
    {
        Manifest = manifest;
        Data = data;
        Options = options;
        Sources = sources;
        Features = features;
        Ranker = ranker;
        UserIds = new IdMap([.. data.Users.Select(user => user.Id)]);
        _pipelines = PipelineBuilder.Build(this).ToDictionary(pipeline => pipeline.Name, StringComparer.Ordinal);
    }

    /// <summary>What the generation is made of.</summary>
    public GenerationManifest Manifest { get; }

    /// <summary>The generation's name.</summary>
    public string Name => Manifest.Name;

    /// <summary>The items.</summary>
    public Catalog Catalog => Data.Catalog;

    /// <summary>External user ids and their indices.</summary>
    public IdMap UserIds { get; }

    /// <summary>Users x items, as it was trained on.</summary>
    public InteractionMatrix Matrix => Data.Matrix;

    /// <summary>The ranker's input, declared and built in one place.</summary>
    public FeatureBuilder Features { get; }

    /// <summary>The names of the pipelines that a request can choose, in ordinal order.</summary>
    public IReadOnlyList<string> PipelineNames => [.. _pipelines.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The data that the generation was trained on.</summary>
    public TrainingData Data { get; }

    /// <summary>The options of the training.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The base ranker; null when there was too little data to train one.</summary>
    public IRanker? Ranker { get; }

    internal SourceSet Sources { get; }

    /// <summary>Whether there is a pipeline of a name.</summary>
    public bool HasPipeline(string name) => _pipelines.ContainsKey(name);

    /// <summary>The pipeline of a name.</summary>
    /// <param name="name">The name; null for the default one.</param>
    /// <exception cref="InvalidRequestException">There is no such pipeline.</exception>
    public Pipeline Pipeline(string? name = null) =>
        _pipelines.TryGetValue(name ?? PipelineBuilder.DefaultName, out Pipeline? pipeline)
            ? pipeline
            : throw new InvalidRequestException(
                "pipeline", $"There is no pipeline '{name}'; there are {string.Join(", ", PipelineNames)}.");

    /// <summary>Writes everything but the manifest into an empty folder.</summary>
    internal void Write(string folder)
    {
        WriteLines(Path.Combine(folder, ItemsFile), Catalog.Items);
        WriteLines(Path.Combine(folder, UsersFile), Data.Users);
        using (BinaryWriter writer = Create(Path.Combine(folder, MatrixFile)))
        {
            writer.Write(Matrix.Rows);
            writer.Write(Matrix.Columns);
            writer.WriteArray<int>(Matrix.Offsets);
            writer.WriteArray<int>(Matrix.Indices);
            writer.WriteArray<float>(Matrix.Values);
            writer.WriteArray<long>(Matrix.Times);
        }

        using (BinaryWriter writer = Create(Path.Combine(folder, SourcesFile)))
        {
            Sources.Save(writer);
        }

        if (Ranker is not null)
        {
            using BinaryWriter writer = Create(Path.Combine(folder, RankerName));
            RankerFile.Save(Ranker, writer);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    internal static Generation Read(string folder, GenerationManifest manifest)
    {
        TrainingOptions options = manifest.Parameters.Deserialize<TrainingOptions>(GenerationJson.Options)
            ?? throw new InvalidDataException("the manifest has no parameters");
        var catalog = new Catalog(ReadLines<Item>(Path.Combine(folder, ItemsFile)));
        User[] users = ReadLines<User>(Path.Combine(folder, UsersFile));
        TrainingData data;
        using (BinaryReader reader = Open(Path.Combine(folder, MatrixFile)))
        {
            var matrix = new InteractionMatrix(
                reader.ReadInt32(),
                reader.ReadInt32(),
                reader.ReadArray<int>(),
                reader.ReadArray<int>(),
                reader.ReadArray<float>(),
                reader.ReadArray<long>());
            data = new TrainingData(catalog, users, matrix, manifest.DataHash);
        }

        SourceSet sources;
        using (BinaryReader reader = Open(Path.Combine(folder, SourcesFile)))
        {
            sources = SourceSet.Load(reader, options);
        }

        IRanker? ranker = null;
        if (manifest.Files.ContainsKey(RankerName))
        {
            using BinaryReader reader = Open(Path.Combine(folder, RankerName));
            ranker = RankerFile.Load(reader);
        }

        return new Generation(manifest, data, options, sources, FeatureBuilder.Fit(data, sources.Personal, sources.Texts), ranker);
    }

    private static void WriteLines<T>(string path, IEnumerable<T> rows)
    {
        using var writer = new StreamWriter(path);
        foreach (T row in rows)
        {
            writer.Write(JsonSerializer.Serialize(row, GenerationJson.Lines));
            writer.Write('\n');
        }
    }

    private static T[] ReadLines<T>(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<T>(line, GenerationJson.Lines)
            ?? throw new InvalidDataException($"the file '{Path.GetFileName(path)}' has an empty row"))];

    private static BinaryWriter Create(string path) => new(new BufferedStream(File.Create(path), 1 << 16));

    private static BinaryReader Open(string path) => new(File.OpenRead(path));
}
