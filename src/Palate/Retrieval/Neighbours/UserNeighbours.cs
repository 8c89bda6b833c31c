using System.Buffers;

namespace Palate;

/// <summary>What the most similar users took: the sum of their similarities, cosine between their rows.</summary>
/// <remarks>
/// Nothing is precomputed but the transposed matrix: a request compares the history with all users that share an item
/// of it, so it costs the number of cells in the history's columns. Immutable after the fit.
/// </remarks>
public sealed class UserNeighbours : DenseSource
{
    private const int Magic = 0x314E4E55;
    private readonly InteractionMatrix _matrix;
    private readonly InteractionMatrix _byItem;
    private readonly int _neighbours;

    private UserNeighbours(InteractionMatrix matrix, int neighbours)
    {
        _matrix = matrix;
        _byItem = matrix.Transpose();
        _neighbours = Math.Min(neighbours, Math.Max(1, matrix.Rows));
    }

    /// <summary>Neighbouring users as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "user-knn",
        SourceRole.History,
        all => all.UserNeighbours,
        (fit, own) => Fit(fit.Matrix, own),
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "user-knn";

    /// <summary>Keeps the matrix, which must not change afterwards.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    public static UserNeighbours Fit(InteractionMatrix matrix, UserNeighboursOptions options)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new UserNeighbours(matrix, options.Neighbours);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static UserNeighbours Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "user-knn");
        int neighbours = ModelFile.ReadCount(reader, "user-knn");
        int columns = ModelFile.ReadCount(reader, "user-knn");
        int[] offsets = ModelFile.ReadArray<int>(reader, "user-knn");
        int[] indices = ModelFile.ReadArray<int>(reader, "user-knn");
        bool sound = neighbours > 0 && offsets.Length > 0 && offsets[0] == 0 && offsets[^1] == indices.Length;
        for (int row = 1; sound && row < offsets.Length; row++)
        {
            sound = offsets[row - 1] <= offsets[row];
        }

        foreach (int index in indices)
        {
            sound &= index >= 0 && index < columns;
        }

        ModelFile.Check(sound, "user-knn", "its rows do not fit together");
        var matrix = new InteractionMatrix(
            offsets.Length - 1, columns, offsets, indices, new float[indices.Length], new long[indices.Length]);
        return new UserNeighbours(matrix, neighbours);
    }

    /// <summary>Writes the model to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.Write(_neighbours);
        writer.Write(_matrix.Columns);
        writer.WriteArray<int>(_matrix.Offsets);
        writer.WriteArray<int>(_matrix.Indices);
    }

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, _matrix.Columns);
        Profile profile = context.Profile;
        float[] rentedUsers = ArrayPool<float>.Shared.Rent(_matrix.Rows);
        ScoredItem[] rentedBest = ArrayPool<ScoredItem>.Shared.Rent(_neighbours);
        Span<float> similarities = rentedUsers.AsSpan(0, _matrix.Rows);
        similarities.Clear();
        foreach (int item in profile.Items)
        {
            foreach (int user in _byItem.Row(item))
            {
                similarities[user]++;
            }
        }

        // The history's own length is the same for all users, so it only scales the score.
        float own = MathF.Sqrt(profile.Items.Length);
        for (int user = 0; user < similarities.Length; user++)
        {
            if (similarities[user] > 0)
            {
                similarities[user] /= own * MathF.Sqrt(_matrix.RowCount(user));
            }
        }

        // Nobody is their own neighbour, also when the history has changed since.
        if (profile.User >= 0 && profile.User < similarities.Length)
        {
            similarities[profile.User] = 0;
        }

        Span<ScoredItem> best = rentedBest.AsSpan(0, _neighbours);
        foreach (ScoredItem neighbour in best[..TopK.Select(similarities, best)])
        {
            if (neighbour.Score > 0)
            {
                foreach (int item in _matrix.Row(neighbour.Item))
                {
                    scores[item] += neighbour.Score;
                }
            }
        }

        ArrayPool<float>.Shared.Return(rentedUsers);
        ArrayPool<ScoredItem>.Shared.Return(rentedBest);
    }
}
