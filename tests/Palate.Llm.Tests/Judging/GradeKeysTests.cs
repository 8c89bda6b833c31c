namespace Palate.Llm.Tests;

public class GradeKeysTests
{
    private static readonly RerankRequest Request = new()
    {
        Query = "shoes",
        Profile = "likes red",
        History = [new HistoryEntry("Hat", 4), new HistoryEntry("Coat")],
        Candidates =
        [
            new RerankCandidate("a", "Red shoes", 2) { Text = "warm", Attributes = Colour("red") },
            new RerankCandidate("b", "Red shoes", 1) { Text = "warm", Attributes = Colour("red") },
        ],
    };

    [Fact]
    public void Everything_that_can_change_a_grade_changes_the_key()
    {
        RerankRequest[] others =
        [
            Request with { Query = "boots" },
            Request with { QueryAdditions = "sneakers" },
            Request with { Profile = "likes blue" },
            Request with { Goal = "varied" },
            Request with { Tenant = "t" },
            Request with { Rationales = true },
            Request with { History = [new HistoryEntry("Hat", 5), new HistoryEntry("Coat")] },
            Request with { History = [new HistoryEntry("Coat"), new HistoryEntry("Hat", 4)] },
            Request with { Query = "shoes\nlikes red", Profile = "" },
        ];

        string[] keys = [Keys(Request).Context, .. others.Select(other => Keys(other).Context)];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.NotEqual(keys[0], new GradeKeys(Request, Template(), "another").Context);
    }

    [Fact]
    public void An_item_is_known_by_what_is_shown_of_it()
    {
        RerankCandidate one = Request.Candidates[0];
        RerankCandidate[] others =
        [
            one with { Title = "Blue shoes" },
            one with { Text = "cold" },
            one with { Attributes = Colour("red", "blue") },
            one with { Title = "Red shoes\nwarm", Text = "" },
        ];

        string[] keys = [Keys(Request).Item(0), .. others.Select(other => Keys(Request with { Candidates = [other] }).Item(0))];

        Assert.Equal(keys[0], Keys(Request).Item(1));
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    private static GradeKeys Keys(RerankRequest request) => new(request, Template(), "model");

    private static PromptTemplate Template() => PromptLibrary.Load().Get("zero-shot");

    private static Dictionary<string, IReadOnlyList<string>> Colour(params string[] values) => new() { ["colour"] = values };
}
