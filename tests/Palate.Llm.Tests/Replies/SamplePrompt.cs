namespace Palate.Llm.Tests;

/// <summary>Prompts as a renderer gives them, without a renderer.</summary>
internal static class SamplePrompt
{
    public static Prompt Make(
        QuestionKind kind, int candidates, int wanted = 0, double scale = 1, bool reasons = false, bool plain = false,
        IReadOnlyDictionary<string, double>? words = null, int start = 0) => new()
        {
            Question = new Question(kind, [.. Enumerable.Range(0, candidates).Select(i => 100 + i)], wanted),
            Aliases = kind == QuestionKind.FirstToken
                ? [.. Enumerable.Range(0, candidates).Select(i => ((char)('A' + i)).ToString())]
                : [.. Enumerable.Range(start, candidates).Select(i => $"A{i + 1}")],
            Messages = [],
            Schema = plain ? null : System.Text.Json.JsonDocument.Parse("{}").RootElement,
            Scale = new GradeScale(scale, words),
            Reasons = reasons,
            TemplateHash = "t",
            PrefixHash = "p",
        };

    /// <summary>The judgment in words: "2 1" for an order or a set by place from 1, "0.8 -" for grades, "none".</summary>
    public static string Describe(Judgment? judgment) =>
        judgment is null ? "none"
        : judgment.IsGraded
            ? string.Join(' ', judgment.Grades.Select(grade => double.IsNaN(grade) ? "-" : FormattableString.Invariant($"{grade:0.###}")))
        : string.Join(' ', judgment.Named.Select(candidate => candidate - 99));
}
