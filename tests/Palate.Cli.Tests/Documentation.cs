using System.Text.RegularExpressions;

namespace Palate.Cli.Tests;

/// <summary>The pages a user reads: what they show to be typed, and what they show to be compiled.</summary>
internal static partial class Documentation
{
    /// <summary>README.md and the pages of docs/, relative to the repository.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The command lines that stand on lines of their own, each once, without prompt, comment and redirection.</summary>
    public static IEnumerable<string> Commands() => Pages
        .SelectMany(page => File.ReadLines(Path.Combine(Repository.Root, page)))
        .Select(line => CommandLine().Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups["line"].Value.Trim())
        .Distinct();

    /// <summary>What a sentence quotes: <c>palate train --trust</c>, with or without the values.</summary>
    public static IEnumerable<(string Page, string Command)> Quotations() => Pages.SelectMany(page => Quotation()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
        .Select(match => (page, match.Groups["line"].Value)));

    /// <summary>The blocks of C#, each with the place where it begins.</summary>
    public static IEnumerable<(string Place, string Code)> Snippets() => Pages.SelectMany(page =>
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        return Snippet().Matches(text).Select(match => (
            FormattableString.Invariant($"{page}:{text.AsSpan(0, match.Index).Count('\n') + 1}"),
            match.Groups["code"].Value));
    });

    [GeneratedRegex(@"^(?:    )?(?:\$ )?palate (?<line>.*?)(?:\s+#.*|\s*>\S+)?$")]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"`palate (?<line>[^`]+)`")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();
}
