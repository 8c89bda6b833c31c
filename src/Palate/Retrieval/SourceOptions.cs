namespace Palate;

/// <summary>Which sources are fitted, and how; a source whose options are null is left out.</summary>
public sealed record SourceOptions
{
    /// <summary>Matrix factorisation.</summary>
    public AlsOptions? Als { get; init; } = new();

    /// <summary>Linear item-item model in closed form.</summary>
    public EaseOptions? Ease { get; init; } = new();

    /// <summary>The same with sessions, values and texts as side information.</summary>
    public EaseOptions? EaseSide { get; init; } = new() { SessionWeight = 1, ValueWeight = 0.1f, TextWeight = 20 };

    /// <summary>Sparse non-negative item-item model.</summary>
    public SlimOptions? Slim { get; init; } = new();

    /// <summary>Neighbouring items.</summary>
    public ItemNeighboursOptions? ItemNeighbours { get; init; } = new();

    /// <summary>Neighbouring users.</summary>
    public UserNeighboursOptions? UserNeighbours { get; init; } = new();

    /// <summary>Random walks of length three.</summary>
    public RandomWalkOptions? RandomWalk { get; init; }

    /// <summary>Nearest neighbours of texts.</summary>
    public SemanticOptions? Semantic { get; init; } = new();

    /// <summary>Words of the query in title and text.</summary>
    public TextSearchOptions? Text { get; init; } = new();

    /// <summary>What is popular now.</summary>
    public TrendingOptions? Trending { get; init; } = new();

    /// <summary>The embedding of texts, for <see cref="Semantic"/> and for features.</summary>
    public TextEmbeddingOptions Embedding { get; init; } = new();

    /// <summary>The largest catalog for sources that keep an items x items matrix (EASE, SLIM).</summary>
    /// <value>The default is 20,000 items, 1.6 GB of matrix for EASE. With more items these sources are left out.</value>
    public int MaxDenseItems { get; init; } = 20_000;
}
