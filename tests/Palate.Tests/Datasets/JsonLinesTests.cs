namespace Palate.Tests;

public sealed class JsonLinesTests
{
    [Fact]
    public void Reads_items_users_interactions_and_held_out_sets()
    {
        using DataFiles files = new DataFiles()
            .With("items.jsonl", """
                {"id": "a", "title": "Ä", "text": "T", "attributes": {"colour": ["red", "blue"], "price": 12.50, "new": true, "none": null}, "added_at": "2025-07-01T00:00:00Z"}
                {"id": 7, "extra": {"x": 1}}
                """)
            .With("users.jsonl.gz", """{"id": "u", "attributes": {"age": 34}}""")
            .With("interactions.jsonl", """
                {"user_id": "u", "item_id": "a", "type": "purchase", "value": 2, "time": 1751328000}
                {"user": "u", "item": 7}
                """)
            .With("heldout.last.jsonl", """{"user": "u", "item": "b"}""");
        Dataset data = Dataset.Load(new JsonLines(files.Path));

        Item item = data.Catalog.Items[0];
        Assert.Equal(("Ä", "T", 1_751_328_000L), (item.Title, item.Text, item.AddedAt));
        Assert.Equal(["red", "blue"], item.Attributes["colour"]);
        Assert.Equal(["12.50"], item.Attributes["price"]);
        Assert.Equal(["true"], item.Attributes["new"]);
        Assert.Equal(3, item.Attributes.Count);
        Assert.Equal(["a", "7", "b"], data.Catalog.Ids.Ids);
        Assert.Equal("7", data.Catalog.Items[1].Title);
        Assert.Equal(["34"], data.Users[0].Attributes["age"]);
        Assert.Equal(["purchase", "interaction"], data.Events.TypeNames);
        Assert.Equal([2], data.HeldOut("last").Items);
    }

    [Fact]
    public void Two_names_of_one_id_that_differ_are_a_bad_row()
    {
        using DataFiles files = new DataFiles().With("interactions.jsonl", """
            {"user_id": "u", "user": "u", "item": "a"}
            {"user_id": "u", "user": "v", "item": "a"}
            """);
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new JsonLines(files.Path), report);

        Assert.Equal(1, data.Events.Count);
        Assert.Contains("'user' is 'v'", Assert.Single(report.FirstBad).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\": \"x\"", "not JSON")]
    [InlineData("[1]", "Array")]
    [InlineData("{\"title\": \"x\"}", "id is empty")]
    [InlineData("{\"id\": {\"x\": 1}}", "Object")]
    [InlineData("{\"id\": \"x\", \"attributes\": {\"a\": {\"b\": 1}}}", "Object")]
    [InlineData("{\"id\": \"x\", \"attributes\": 3}", "Number")]
    [InlineData("{\"id\": \"x\", \"added_at\": \"soon\"}", "neither")]
    [InlineData("{\"id\": \"x\", \"title\": \"\\ud800\"}", "cannot be read")]
    public void A_bad_row_costs_one_row(string row, string reason)
    {
        using DataFiles files = new DataFiles().With("items.jsonl", "{\"id\": \"a\"}\n" + row + "\n{\"id\": \"b\"}\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new JsonLines(files.Path), report);

        Assert.Equal(["a", "b"], data.Catalog.Ids.Ids);
        BadRow bad = Assert.Single(report.FirstBad);
        Assert.Equal(2, bad.Line);
        Assert.Contains(reason, bad.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_ten_megabytes_is_cut_at_a_code_point()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("😀", 2_500_000));
        using DataFiles files = new DataFiles().With(
            "items.jsonl", $"{{\"id\": \"a\", \"text\": \"{text}\"}}\n{{\"id\": \"b\", \"text\": \"n\\u0000l\"}}");
        var report = new ImportReport();
        Dataset data = Dataset.Load(new JsonLines(files.Path), report);

        Assert.Equal((64 * 1024) - 1, data.Catalog.Items[0].Text.Length);
        Assert.EndsWith("😀", data.Catalog.Items[0].Text, StringComparison.Ordinal);
        Assert.Equal("n l", data.Catalog.Items[1].Text);
        Assert.Equal(2, report.Notes.Count(note => note.Key.Contains("text", StringComparison.Ordinal)));
        Assert.Equal(0, report.Bad);
    }

    [Fact]
    public void A_folder_without_any_of_the_files_is_an_error()
    {
        using var files = new DataFiles();
        Assert.Contains(
            "items.jsonl",
            Assert.Throws<ImportException>(() => Dataset.Load(new JsonLines(files.Path))).Message,
            StringComparison.Ordinal);
    }
}
