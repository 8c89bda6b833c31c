namespace Palate.Cli.Tests;

public sealed class FormatsTests
{
    [Theory]
    [InlineData("ml-100k", "x", "ua", null, null, "ml-100k")]
    [InlineData("ml-1m", "x", "implicit", null, null, "ml-1m")]
    [InlineData("ml-latest", "x", null, null, null, "ml-latest")]
    [InlineData("recbole", "x", null, null, null, "recbole")]
    [InlineData("jsonl", "x", null, null, null, "jsonl")]
    [InlineData("csv", "x", null, "user=a,item=b", "tab", "csv")]
    public void Every_format_has_its_reader(
        string format, string path, string? split, string? map, string? delimiter, string name)
    {
        IDatasetReader reader = Formats.Open(new FormatChoice(format, path, split, map, delimiter), default);

        Assert.Equal(name, reader.Name);
    }

    [Theory]
    [InlineData("jsonl", "x", "ua", null, null, "--split")]
    [InlineData("jsonl", "x", null, "user=a,item=b", null, "--map")]
    [InlineData("jsonl", null, null, null, null, "needs the folder")]
    [InlineData("csv", "x", null, null, null, "needs a map")]
    [InlineData("csv", "x", null, "user=a,item=b", "tabs", "'tabs'")]
    [InlineData("demo", "world", null, null, null, "not a seed")]
    public void A_choice_that_makes_no_sense_is_a_usage_error(
        string format, string? path, string? split, string? map, string? delimiter, string words)
    {
        CommandException failure = Assert.Throws<CommandException>(
            () => Formats.Open(new FormatChoice(format, path, split, map, delimiter), default));

        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Item_texts_are_joined_by_id()
    {
        using var tool = new Tool();
        string data = SmallShop.Write(Path.Combine(tool.Folder, "shop"));
        string texts = Path.Combine(tool.Folder, "texts.json");
        await File.WriteAllTextAsync(texts, """{"0":"Round and red.","1":"Long and blue.","999":"Nothing here."}""");

        (int exit, System.Text.Json.JsonElement envelope) =
            await tool.AskAsync("import", "jsonl", data, "--item-texts", texts);

        Assert.Equal(ExitCode.Ok, exit);
        System.Text.Json.JsonElement joined = envelope.GetProperty("result").GetProperty("item_texts");
        Assert.Equal((2, 38), (joined.GetProperty("matched").GetInt32(), joined.GetProperty("unmatched").GetInt32()));
    }
}
