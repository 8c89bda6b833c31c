namespace Palate.Llm.Tests;

/// <summary>One fixed request, and renderers over the embedded templates.</summary>
internal static class SampleRequest
{
    public static PromptLibrary Library { get; } = PromptLibrary.Load();

    public static RerankRequest Make(int candidates = 6, int history = 5, bool reversedAttributes = false) => new()
    {
        Query = "quiet headphones for long flights",
        Profile = "Travels for work every week. Likes jazz.",
        Goal = "Put items for travel first.",
        History = [.. Enumerable.Range(0, history).Select(i => new HistoryEntry($"Orion travel item number {i}", i % 2 == 0 ? 4.5f : null))],
        Candidates = [.. Enumerable.Range(0, candidates).Select(i => Candidate(i, reversedAttributes))],
    };

    public static RerankCandidate Candidate(int i, bool reversedAttributes = false)
    {
        (string, string[])[] attributes =
            [("brand", [i % 2 == 0 ? "Orion" : "Norda"]), ("colour", ["black", "grey"]), ("price", [$"{20 + i}.50"])];
        var values = new Dictionary<string, IReadOnlyList<string>>();
        foreach ((string name, string[] value) in reversedAttributes ? attributes.Reverse() : attributes)
        {
            values[name] = value;
        }

        return new RerankCandidate($"sku-{i}-secret", $"Headphones model {i}", 1 - i * 0.01f)
        {
            Text = $"Over-ear headphones, version {i}. Active noise cancelling keeps engines out. Thirty hours of battery.",
            Attributes = values,
        };
    }

    public static PromptRenderer Renderer(string template = "zero-shot", PromptLayout layout = PromptLayout.Own) =>
        new(Library.Get(template), new PromptOptions { Layout = layout });

    public static Question Ask(QuestionKind kind, int candidates = 6) => kind switch
    {
        QuestionKind.YesNo => new Question(kind, [2]),
        QuestionKind.Pair => new Question(kind, [3, 1]),
        QuestionKind.Choose => new Question(kind, [4, 0, 2, 5], 2),
        QuestionKind.Walk => new Question(
            kind, [.. Enumerable.Range(0, candidates)], 0, "Aspect: accuracy. Results so far: diversity gave [{#2}, {#0}, {#99}]."),
        _ => new Question(kind, [.. Enumerable.Range(0, candidates).Reverse()]),
    };

    public static string Text(Prompt prompt) => prompt.Messages[0].Text + prompt.Messages[1].Text;
}
