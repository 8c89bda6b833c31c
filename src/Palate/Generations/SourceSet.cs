using System.Collections;

namespace Palate;

/// <summary>The fitted sources of a generation, by what they go by.</summary>
internal sealed class SourceSet : IReadOnlyList<ICandidateSource>
{
    private readonly List<ICandidateSource> _all;

    private SourceSet(List<ICandidateSource> all, TextModels? texts, IReadOnlyList<string>? personal)
    {
        _all = all;
        Texts = texts;
        Personal =
        [
            .. all.Where(source => source is not (TextSearch or Popularity or Trending))
                .Where(source => personal is null || personal.Contains(source.Name)),
        ];
        Search = [.. all.Where(source => source is TextSearch or Semantic)];
        Fallback = [.. all.Where(source => source is Popularity or Trending)];
    }

    /// <summary>Sources that go by the user's history and serve the default pipeline.</summary>
    public IReadOnlyList<ICandidateSource> Personal { get; }

    /// <summary>Sources that go by the query.</summary>
    public IReadOnlyList<ICandidateSource> Search { get; }

    /// <summary>Sources that go by nothing but the interactions of all.</summary>
    public IReadOnlyList<ICandidateSource> Fallback { get; }

    /// <summary>What was learned from the texts, or null.</summary>
    public TextModels? Texts { get; }

    public int Count => _all.Count;

    public ICandidateSource this[int index] => _all[index];

    /// <summary>Fits only the sources that serve the default pipeline: all that the ranker's examples need.</summary>
    public static SourceSet FitServing(
        TrainingData data, TrainingOptions options, TextModels? texts, CancellationToken stop)
    {
        if (options.Retrieval.Sources is not { } serving)
        {
            return Fit(data, options, texts, stop);
        }

        T? Served<T>(T? own, string name)
            where T : class => serving.Contains(name) ? own : null;

        SourceOptions all = options.Sources;
        SourceOptions needed = all with
        {
            Als = Served(all.Als, "als"),
            Ease = serving.Contains("ease") || serving.Contains("edlae") ? all.Ease : null,
            EaseSide = Served(all.EaseSide, "ease-side"),
            Slim = Served(all.Slim, "slim"),
            ItemNeighbours = Served(all.ItemNeighbours, "item-knn"),
            UserNeighbours = Served(all.UserNeighbours, "user-knn"),
            RandomWalk = Served(all.RandomWalk, "rp3beta"),
            Semantic = Served(all.Semantic, "semantic"),
            Text = null,
            Trending = null,
        };
        return Fit(data, options with { Sources = needed }, texts, stop);
    }

    /// <summary>Fits every source that has options, on the given matrix.</summary>
    public static SourceSet Fit(TrainingData data, TrainingOptions options, TextModels? texts, CancellationToken stop)
    {
        SourceOptions own = options.Sources;
        InteractionMatrix matrix = data.Matrix;
        bool dense = matrix.Columns <= own.MaxDenseItems;
        var all = new List<ICandidateSource>();

        void Add<T>(T? sourceOptions, bool possible, Func<T, ICandidateSource> fit)
            where T : class
        {
            stop.ThrowIfCancellationRequested();
            if (sourceOptions is not null && possible)
            {
                all.Add(fit(sourceOptions));
            }
        }

        Add(own.Als, true, als => Als.Fit(matrix, als, stop));
        Add(own.Ease, dense, ease => Ease.Fit(matrix, ease, null, stop));
        Add(own.EaseSide, dense, ease => Ease.Fit(matrix, ease, texts?.Vectors, stop));
        Add(own.Slim, dense, slim => Slim.Fit(matrix, slim, stop));
        Add(own.ItemNeighbours, true, neighbours => ItemNeighbours.Fit(matrix, neighbours, stop));
        Add(own.UserNeighbours, true, neighbours => UserNeighbours.Fit(matrix, neighbours));
        Add(own.RandomWalk, true, walk => RandomWalk.Fit(matrix, walk, stop));
        Add(own.Semantic, texts is not null, semantic => new Semantic(texts!.Vectors, texts.Embedding, semantic));
        Add(own.Text, options.UseTexts, text => TextSearch.Fit(data.Catalog, text, stop));
        Add(own.Trending, matrix.Times.AsSpan().ContainsAnyExcept(0L), trending => Trending.Fit(matrix, trending));
        all.Add(Popularity.Fit(matrix));
        return new SourceSet(all, texts, options.Retrieval.Sources);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static SourceSet Load(BinaryReader reader, TrainingOptions options)
    {
        TextModels? texts = reader.ReadBoolean()
            ? TextModels.Load(reader)
            : null;
        int count = ModelFile.ReadCount(reader, "sources");
        var all = new List<ICandidateSource>();
        while (all.Count < count)
        {
            string name = reader.ReadString();
            all.Add(name switch
            {
                "als" => Als.Load(reader),
                "ease" or "edlae" or "ease-side" => Ease.Load(reader),
                "slim" => Slim.Load(reader),
                "item-knn" => ItemNeighbours.Load(reader),
                "user-knn" => UserNeighbours.Load(reader),
                "rp3beta" => RandomWalk.Load(reader),
                "text" => TextSearch.Load(reader),
                "trending" => Trending.Load(reader),
                "popularity" => Popularity.Load(reader),
                "semantic" when texts is not null =>
                    new Semantic(texts.Vectors, texts.Embedding, options.Sources.Semantic ?? new SemanticOptions()),
                _ => throw new InvalidDataException($"there is no source '{name}'"),
            });
        }

        return new SourceSet(all, texts, options.Retrieval.Sources);
    }

    /// <summary>Writes all sources, one after the other, each after its name.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Texts is not null);
        Texts?.Save(writer);

        writer.Write(_all.Count);
        foreach (ICandidateSource source in _all)
        {
            writer.Write(source.Name);
            switch (source)
            {
                case Als als:
                    als.Save(writer);
                    break;
                case Ease ease:
                    ease.Save(writer);
                    break;
                case Slim slim:
                    slim.Save(writer);
                    break;
                case ItemNeighbours neighbours:
                    neighbours.Save(writer);
                    break;
                case UserNeighbours neighbours:
                    neighbours.Save(writer);
                    break;
                case RandomWalk walk:
                    walk.Save(writer);
                    break;
                case TextSearch text:
                    text.Save(writer);
                    break;
                case Trending trending:
                    trending.Save(writer);
                    break;
                case Popularity popularity:
                    popularity.Save(writer);
                    break;
            }
        }
    }

    public IEnumerator<ICandidateSource> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
