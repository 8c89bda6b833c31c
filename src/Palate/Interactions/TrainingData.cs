namespace Palate;

/// <summary>Everything that training reads: the catalog, the users, and who interacted with what.</summary>
public sealed class TrainingData
{
    /// <summary>Ties the three together.</summary>
    /// <param name="catalog">The items; columns of the matrix.</param>
    /// <param name="users">The users; rows of the matrix.</param>
    /// <param name="matrix">Users x items.</param>
    /// <param name="hash">A digest of the content: equal data gives an equal hash.</param>
    public TrainingData(Catalog catalog, IReadOnlyList<User> users, InteractionMatrix matrix, string hash)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Rows, users.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Columns, catalog.Count);
        Catalog = catalog;
        Users = users;
        Matrix = matrix;
        Hash = hash;
    }

    /// <summary>The items, in index order.</summary>
    public Catalog Catalog { get; }

    /// <summary>The users, in index order.</summary>
    public IReadOnlyList<User> Users { get; }

    /// <summary>Users x items.</summary>
    public InteractionMatrix Matrix { get; }

    /// <summary>A digest of the content.</summary>
    public string Hash { get; }
}
