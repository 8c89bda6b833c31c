using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>Shaping between two groups, as it is named on the command line.</summary>
public sealed class ShapeTests
{
    [Fact]
    public async Task Groups_are_named_by_values_and_a_method_without_them_is_refused()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        await tool.AskAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        await tool.AskAsync("train");

        (_, JsonElement plain) = await tool.AskAsync("recommend", "--user", "u0", "--count", "12");
        (int exit, JsonElement even) = await tool.AskAsync(
            "recommend", "--user", "u0", "--count", "12", "--explain",
            "--shape", "parity", "--shape-by", "kind", "--shape-groups", "odd", "--shape-weight", "1");
        (int refused, JsonElement error) = await tool.AskAsync(
            "recommend", "--user", "u0", "--shape", "parity", "--shape-by", "kind");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(Ids(plain).Length, Ids(even).Length);
        Assert.Contains("mean places now differ by", even.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, refused);
        Assert.Contains("group_from or group_values", error.ToString(), StringComparison.Ordinal);
    }

    private static string[] Ids(JsonElement answer) =>
        [.. answer.GetProperty("result").GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").ToString())];
}
