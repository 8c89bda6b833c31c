namespace Palate.Tests;

public sealed class CrossFeaturesTests
{
    private static readonly Catalog Shop = new(
    [
        new Item("a") { Title = "Red garden chair", Text = "For calm days", Attributes = Kind("furniture", "Acme") },
        new Item("b") { Title = "Blue engine", Text = "A red piston", Attributes = Kind("machine", "Bolt") },
        new Item("c") { Title = "Garden table", Text = "", Attributes = Kind("furniture", "Bolt") },
        new Item("d"),
    ]);

    private readonly CrossFeatures _features = new(Shop);

    [Fact]
    public void Words_of_the_query_count_where_they_are_found()
    {
        FeatureMatrix matrix = _features.Build([0, 1, 2, 3], [4, 3, 2, 1], [], "red chairs");

        Assert.Equal(1, Feature(matrix, "query.title", 0));
        Assert.Equal(0, Feature(matrix, "query.title", 1));
        Assert.InRange(Feature(matrix, "query.text", 1), 0.01f, 0.5f);
        Assert.Equal(0, Feature(matrix, "query.text", 3));
        Assert.Equal(2, Feature(matrix, "query.length", 0));
    }

    [Fact]
    public void A_word_that_only_names_an_attribute_is_known()
    {
        FeatureMatrix matrix = _features.Build([0, 1], [1, 1], [], "furniture");

        Assert.Equal(1, Feature(matrix, "query.attribute", 0));
        Assert.Equal(0, Feature(matrix, "query.attribute", 1));
        Assert.Equal(0, Feature(matrix, "query.title", 0));
    }

    [Fact]
    public void A_history_is_compared_by_attributes_and_words()
    {
        FeatureMatrix matrix = _features.Build([0, 1, 2, 3], [1, 1, 1, 1], [0, 2], null);

        Assert.Equal(0.75f, Feature(matrix, "history.attribute", 2), 4);
        Assert.Equal(0.25f, Feature(matrix, "history.attribute", 1), 4);
        Assert.True(float.IsNaN(Feature(matrix, "history.attribute", 3)));
        Assert.Equal(1, Feature(matrix, "history.title", 2), 4);
        Assert.Equal(0, Feature(matrix, "history.title", 1));
        Assert.True(float.IsNaN(Feature(matrix, "query.title", 0)));
    }

    [Fact]
    public void Without_query_history_or_candidates_there_is_nothing_to_compare()
    {
        FeatureMatrix matrix = _features.Build([0, 3], [2, 1], [], "  zebra ");

        Assert.True(float.IsNaN(Feature(matrix, "query.text", 0)));
        Assert.True(float.IsNaN(Feature(matrix, "history.text", 0)));
        Assert.Equal(1, Feature(matrix, "base.rank", 0));
        Assert.Equal(0, Feature(matrix, "history.length", 0));
        Assert.Equal(0, _features.Build([], [], [], "red").Candidates);
        Assert.Equal(0, new CrossFeatures(new Catalog([])).Build([], [], [], "red").Candidates);
    }

    [Fact]
    public void Names_are_unique_and_every_value_is_finite_or_unknown()
    {
        Assert.Distinct(CrossFeatures.Names);
        FeatureMatrix matrix = _features.Build([0, 1, 2, 3], [1, 1, 1, 1], [3], "red red red");
        Assert.DoesNotContain(matrix.Data, float.IsInfinity);
    }

    private static float Feature(FeatureMatrix matrix, string name, int candidate) =>
        matrix[CrossFeatures.Names.ToList().IndexOf(name)][candidate];

    private static Dictionary<string, IReadOnlyList<string>> Kind(string kind, string brand) => new()
    {
        ["kind"] = [kind],
        ["brand"] = [brand],
    };
}
