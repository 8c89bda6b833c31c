namespace Palate;

/// <summary>A kind of candidate source: what it goes by, and how it is fitted, written and read.</summary>
/// <param name="Name">The name in settings, pipelines and files.</param>
/// <param name="Role">What it goes by.</param>
internal abstract record SourceKind(string Name, SourceRole Role)
{
    /// <summary>Other names that a source of this kind has in files, for what its options made of it.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>Whether a source of this name is of this kind.</summary>
    public bool IsNamed(string name) => name == Name || OtherNames.Contains(name);

    /// <summary>Fits a source; null when it has no options, or the data does not allow it.</summary>
    public abstract ICandidateSource? Fit(SourceFit fit);

    /// <summary>Writes a source of this kind.</summary>
    public abstract void Save(ICandidateSource source, BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public abstract ICandidateSource Load(BinaryReader reader, SourceOptions options, TextModels? texts);

    /// <summary>A kind with the functions of its class.</summary>
    /// <param name="name">The name in settings, pipelines and files.</param>
    /// <param name="role">What it goes by.</param>
    /// <param name="options">Its options; null leaves it out.</param>
    /// <param name="fit">Fits it; null when the data does not allow it.</param>
    /// <param name="load">Reads it.</param>
    /// <param name="save">Writes it.</param>
    public static SourceKind Of<TSource, TOptions>(
        string name,
        SourceRole role,
        Func<SourceOptions, TOptions?> options,
        Func<SourceFit, TOptions, TSource?> fit,
        Func<BinaryReader, TSource> load,
        Action<TSource, BinaryWriter> save)
        where TSource : class, ICandidateSource
        where TOptions : class =>
        new Typed<TSource, TOptions>(name, role, options, fit, (reader, _, _) => load(reader), save);

    /// <summary>A kind whose files are read with its options and with what was learned from texts.</summary>
    public static SourceKind Of<TSource, TOptions>(
        string name,
        SourceRole role,
        Func<SourceOptions, TOptions?> options,
        Func<SourceFit, TOptions, TSource?> fit,
        Func<BinaryReader, SourceOptions, TextModels?, TSource> load,
        Action<TSource, BinaryWriter> save)
        where TSource : class, ICandidateSource
        where TOptions : class =>
        new Typed<TSource, TOptions>(name, role, options, fit, load, save);

    private sealed record Typed<TSource, TOptions>(
        string Name,
        SourceRole Role,
        Func<SourceOptions, TOptions?> Options,
        Func<SourceFit, TOptions, TSource?> Fitting,
        Func<BinaryReader, SourceOptions, TextModels?, TSource> Loading,
        Action<TSource, BinaryWriter> Saving)
        : SourceKind(Name, Role)
        where TSource : class, ICandidateSource
        where TOptions : class
    {
        public override ICandidateSource? Fit(SourceFit fit) =>
            Options(fit.Options) is { } options ? Fitting(fit, options) : null;

        public override void Save(ICandidateSource source, BinaryWriter writer) => Saving((TSource)source, writer);

        public override ICandidateSource Load(BinaryReader reader, SourceOptions options, TextModels? texts) =>
            Loading(reader, options, texts);
    }
}
