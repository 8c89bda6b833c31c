namespace Palate.Serving.Tests;

public sealed class ApiDocumentTests
{
    /// <summary>Set this environment variable to 1 to write the served document over the committed one.</summary>
    private const string Switch = "PALATE_WRITE_OPENAPI";

    [Fact]
    public async Task The_committed_document_is_the_served_one()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        string served = await service.Client.GetStringAsync(new Uri(ApiDocument.Path, UriKind.Relative));
        served = served.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        string file = Path.Combine(RepositoryRoot(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            await File.WriteAllTextAsync(file, served);
        }

        string committed = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
        Assert.True(
            committed == served,
            $"docs/openapi.json is not what the service serves; run this test with {Switch}=1 and commit the file.");
    }

    [Theory]
    [InlineData("\"user_id\"")]
    [InlineData("\"top_k\"")]
    [InlineData("\"log_features\"")]
    [InlineData("application/problem+json")]
    [InlineData("/health/ready")]
    [InlineData("/generations")]
    public async Task The_document_names_what_callers_need(string words)
    {
        await using TestService service = await TestService.StartAsync(new FakeStore());

        string served = await service.Client.GetStringAsync(new Uri(ApiDocument.Path, UriKind.Relative));

        Assert.Contains(words, served, StringComparison.Ordinal);
    }

    internal static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Palate.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Palate.slnx is in no folder above the tests.");
    }
}
