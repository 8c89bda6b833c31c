using System.Globalization;

namespace Palate.Simulation;

/// <summary>
/// A made-up shop with books, electronics, household and sports goods, its users and what they did, of which the true
/// tastes are known.
/// </summary>
/// <remarks>
/// <para>Every user has tastes over subcategories, makers, the price level and a few hidden directions, and chooses in
/// proportion to popularity times e^utility; so <see cref="TrueRelevance"/> says what a perfect recommender would know.
/// The words of items follow from the same hidden directions, so texts help too.</para>
/// <para>The same options give the same bytes on every machine and in every culture. Immutable, therefore safe to read
/// from any thread.</para>
/// </remarks>
public sealed class DemoWorld : IDatasetReader
{
    /// <summary>The name of the only split: purchases of the last 15 of 180 days.</summary>
    public const string Split = "demo";

    private readonly DemoOptions _options;
    private readonly DemoTastes _tastes;
    private readonly Interaction[] _learn;
    private readonly Interaction[] _heldOut;

    private DemoWorld(
        DemoOptions options,
        DemoItem[] items,
        DemoTastes tastes,
        Interaction[] learn,
        Interaction[] heldOut,
        IReadOnlyList<DemoQuery> queries)
    {
        _options = options;
        _tastes = tastes;
        _learn = learn;
        _heldOut = heldOut;
        Queries = queries;
        Catalog = new Catalog([.. items.Select(item => item.Item)]);
    }

    /// <inheritdoc/>
    public string Name => "demo";

    /// <inheritdoc/>
    public string Source => string.Create(CultureInfo.InvariantCulture, $"seed {_options.Seed}");

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits => [Split];

    /// <summary>The items. A data set that is loaded from this reader has the same indices.</summary>
    public Catalog Catalog { get; }

    /// <summary>The queries with their grades.</summary>
    public IReadOnlyList<DemoQuery> Queries { get; }

    /// <summary>Makes the world.</summary>
    /// <param name="options">How large; null for the defaults.</param>
    /// <param name="stop">Ends the work.</param>
    public static DemoWorld Generate(DemoOptions? options = null, CancellationToken stop = default)
    {
        options ??= new DemoOptions();
        options.Validate();
        DemoSubcategory[] shelves = [.. DemoDepartment.ReadAll().SelectMany(department => department.Subcategories)];
        DemoItem[] items = new DemoItems(options).Make(shelves);
        var tastes = new DemoTastes(options, shelves, items);
        (Interaction[] learn, Interaction[] heldOut) = new DemoHistory(options, shelves, items, tastes).Make(stop);
        List<DemoQuery> queries = new DemoQueries(options, shelves, items).Make(options.Queries);
        return new DemoWorld(options, items, tastes, learn, heldOut, queries);
    }

    /// <summary>How relevant an item truly is to a user: above 0, below 1, and 0.5 where liking begins.</summary>
    /// <param name="user">The user's index, in the order of <see cref="Users"/>.</param>
    /// <param name="item">The item's index, in the order of <see cref="Catalog"/>.</param>
    public double TrueRelevance(int user, int item) => Relevance(_tastes.Utility(user, item));

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report) => Catalog.Items;

    /// <inheritdoc/>
    public IEnumerable<User> Users(ImportReport report) => _tastes.Users;

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report) => _learn;

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) => split == Split
        ? _heldOut
        : throw new ArgumentException($"The demo world has no split '{split}', only '{Split}'.", nameof(split));

    // x / (1 + |x|) is a sigmoid without exponentials, whose last bits could differ between machines.
    internal static double Relevance(double utility)
    {
        double x = utility - 2.5;
        return 0.5 + (0.5 * x / (1 + Math.Abs(x)));
    }
}
