using Spectre.Console;

namespace Palate.Cli.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("Toy Story (1995)", "Toy Story (1995)")]
    [InlineData("\u001b[31mred\u001b[0m", "·[31mred·[0m")]
    [InlineData("a\r\nb", "a··b")]
    [InlineData("x\u202Ecod.exe", "x·cod.exe")]
    [InlineData("Amélie 天空", "Amélie 天空")]
    public void Only_control_characters_are_replaced(string text, string clean) =>
        Assert.Equal(clean, TerminalText.Clean(text));

    [Fact]
    public void A_title_cannot_inject_markup()
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var answer = new Recommendation
        {
            Items =
            [
                new RecommendedItem
                {
                    ItemId = "[link]1",
                    Title = "[red]Boom[/] [/]",
                    Rank = 1,
                    Score = 0.5f,
                    Stages = [],
                    Sources = [new Proposal("als", 1, 2)],
                    Explanation = new Explanation("[b]rank", 0.25f, "because [/]")
                    {
                        Parts = [new("als", 0.25f, "[x]")],
                    },
                },
            ],
            Mode = Mode.Base(ReasonCode.NoReranker, "No [re-ranker]."),
            Generation = "g1",
            Pipeline = "default",
        };

        RecommendationTable.Show(console, answer);

        Assert.Contains("[red]Boom[/] [/]", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("because [/]", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("No [re-ranker].", output.ToString(), StringComparison.Ordinal);
    }
}
