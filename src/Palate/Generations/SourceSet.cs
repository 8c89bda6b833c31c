using System.Collections;

namespace Palate;

/// <summary>The fitted sources of a generation, by what they go by.</summary>
internal sealed class SourceSet : IReadOnlyList<ICandidateSource>
{
    private readonly List<(SourceKind Kind, ICandidateSource Source)> _all;

    private SourceSet(
        List<(SourceKind Kind, ICandidateSource Source)> all, TextModels? texts, IReadOnlyList<string>? personal)
    {
        _all = all;
        Texts = texts;
        Personal =
        [
            .. all.Where(one => one.Kind.Role is SourceRole.History or SourceRole.HistoryAndQuery)
                .Where(one => personal is null || personal.Any(one.Kind.IsNamed))
                .Select(one => one.Source),
        ];
        Words = [.. OfRole(SourceRole.Words)];
        Search = [.. OfRole(SourceRole.Words, SourceRole.HistoryAndQuery)];
        Fallback = [.. OfRole(SourceRole.Everybody)];
    }

    /// <summary>Sources that go by the user's history and serve the default pipeline.</summary>
    public IReadOnlyList<ICandidateSource> Personal { get; }

    /// <summary>Sources that find the words of a query.</summary>
    public IReadOnlyList<ICandidateSource> Words { get; }

    /// <summary>Sources that go by the query.</summary>
    public IReadOnlyList<ICandidateSource> Search { get; }

    /// <summary>Sources that go by nothing but the interactions of all.</summary>
    public IReadOnlyList<ICandidateSource> Fallback { get; }

    /// <summary>What was learned from the texts, or null.</summary>
    public TextModels? Texts { get; }

    public int Count => _all.Count;

    public ICandidateSource this[int index] => _all[index].Source;

    /// <summary>Fits only the sources that serve the default pipeline: all that the ranker's examples need.</summary>
    public static SourceSet FitServing(
        TrainingData data, TrainingOptions options, TextModels? texts, CancellationToken stop) =>
        options.Retrieval.Sources is { } serving
            ? Fit(data, options, texts, kind => kind == Popularity.Kind || serving.Any(kind.IsNamed), stop)
            : Fit(data, options, texts, stop);

    /// <summary>Fits every source that has options, on the given matrix.</summary>
    public static SourceSet Fit(TrainingData data, TrainingOptions options, TextModels? texts, CancellationToken stop) =>
        Fit(data, options, texts, _ => true, stop);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static SourceSet Load(BinaryReader reader, TrainingOptions options)
    {
        TextModels? texts = reader.ReadBoolean()
            ? TextModels.Load(reader)
            : null;
        int count = ModelFile.ReadCount(reader, "sources");
        var all = new List<(SourceKind, ICandidateSource)>();
        while (all.Count < count)
        {
            string name = reader.ReadString();
            SourceKind kind = SourceKinds.Find(name) ?? throw new InvalidDataException($"there is no source '{name}'");
            all.Add((kind, kind.Load(reader, options.Sources, texts)));
        }

        return new SourceSet(all, texts, options.Retrieval.Sources);
    }

    /// <summary>Writes all sources, one after the other, each after its name.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Texts is not null);
        Texts?.Save(writer);

        writer.Write(_all.Count);
        foreach ((SourceKind kind, ICandidateSource source) in _all)
        {
            writer.Write(source.Name);
            kind.Save(source, writer);
        }
    }

    public IEnumerator<ICandidateSource> GetEnumerator() => _all.Select(one => one.Source).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static SourceSet Fit(
        TrainingData data, TrainingOptions options, TextModels? texts, Func<SourceKind, bool> isWanted, CancellationToken stop)
    {
        var fit = new SourceFit(data, options.Sources, texts, options.UseTexts, stop);
        var all = new List<(SourceKind, ICandidateSource)>();
        foreach (SourceKind kind in SourceKinds.All.Where(isWanted))
        {
            stop.ThrowIfCancellationRequested();
            if (kind.Fit(fit) is { } source)
            {
                all.Add((kind, source));
            }
        }

        return new SourceSet(all, texts, options.Retrieval.Sources);
    }

    private IEnumerable<ICandidateSource> OfRole(params SourceRole[] roles) =>
        _all.Where(one => roles.Contains(one.Kind.Role)).Select(one => one.Source);
}
