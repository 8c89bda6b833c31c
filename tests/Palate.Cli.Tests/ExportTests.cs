using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>What a home holds, written, read again, and deleted.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task What_is_exported_can_be_imported_and_is_the_same()
    {
        using var tool = new Tool();
        using var other = new Tool();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        string folder = Path.Combine(tool.Folder, "out");

        (int exit, JsonElement all) = await tool.AskAsync("export", "all", folder);
        (_, JsonElement again) = await other.AskAsync("import", "jsonl", folder);
        string copy = Path.Combine(other.Folder, "copy");
        await other.AskAsync("export", "all", copy);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(
            ["items.jsonl", "users.jsonl", "interactions.jsonl"],
            all.GetProperty("result").GetProperty("files").EnumerateArray().Select(file => file.GetProperty("file").GetString()));
        Assert.Equal(400, again.GetProperty("result").GetProperty("interactions").GetInt32());
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(Path.Combine(copy, Path.GetFileName(file))));
        }
    }

    [Fact]
    public async Task One_table_goes_to_standard_output_or_to_a_file()
    {
        using var tool = new Tool();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        string file = Path.Combine(tool.Folder, "users.jsonl");

        (_, string items, _) = await tool.RunAsync("export", "items");
        (_, JsonElement users) = await tool.AskAsync("export", "users", "--output", file);
        (_, string own, _) = await tool.RunAsync("export", "interactions", "--user", "u3");
        (int usage, _) = await tool.AskAsync("export", "users");
        (int missing, JsonElement nobody) = await tool.AskAsync("export", "interactions", "--user", "nobody", "--output", file);

        Assert.Equal(SmallShop.Items, items.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(SmallShop.Users, users.GetProperty("result").GetProperty("rows").GetInt32());
        Assert.Equal(SmallShop.Users, (await File.ReadAllLinesAsync(file)).Length);
        Assert.All(
            own.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Equal("u3", JsonDocument.Parse(line).RootElement.GetProperty("user_id").GetString()));
        Assert.Equal(ExitCode.Usage, usage);
        Assert.Equal(ExitCode.NotFound, missing);
        Assert.Equal("user_not_found", nobody.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_forgotten_user_is_in_no_table_and_the_receipt_says_what_went()
    {
        using var tool = new Tool();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));

        (int exit, JsonElement receipt) = await tool.AskAsync("forget", "user", "u3");
        (_, string users, _) = await tool.RunAsync("export", "users");
        (_, string interactions, _) = await tool.RunAsync("export", "interactions");
        (int twice, _) = await tool.AskAsync("forget", "user", "u3");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(10, receipt.GetProperty("result").GetProperty("interactions").GetInt32());
        Assert.DoesNotContain("\"u3\"", users + interactions, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotFound, twice);
    }

    [Fact]
    public async Task The_demo_shop_can_be_had_as_files_without_a_home()
    {
        using var tool = new Tool();
        string folder = Path.Combine(tool.Folder, "shop");

        (int exit, JsonElement shop) = await tool.AskAsync("export", "demo", folder, "--seed", "3");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains(
            shop.GetProperty("result").GetProperty("files").EnumerateArray(),
            file => file.GetProperty("file").GetString() == "heldout.demo.jsonl" && file.GetProperty("rows").GetInt32() > 0);
        Assert.False(Directory.Exists(tool.Home));
    }
}
