namespace Palate.Tests;

public sealed class GenerationStoreTests : IDisposable
{
    private static readonly Lazy<Generation> Trained = new(() => SmallWorld.Train());

    private readonly string _folder = Directory.CreateTempSubdirectory("palate").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_published_generation_answers_as_the_trained_one_did()
    {
        var store = new GenerationStore(_folder);
        string name = store.Publish(Trained.Value);

        Generation loaded = store.LoadCurrent();

        Assert.Equal(name, loaded.Name);
        Assert.Equal(Trained.Value.PipelineNames, loaded.PipelineNames);
        foreach (string pipeline in loaded.PipelineNames)
        {
            for (int user = 0; user < SmallWorld.Users; user += 7)
            {
                var request = new RecommendRequest { UserId = $"u{user}", Pipeline = pipeline };
                Recommendation before = await Recommend(Trained.Value, request);
                Recommendation after = await Recommend(loaded, request);
                Assert.Equal(
                    before.Items.Select(item => (item.ItemId, item.Score)),
                    after.Items.Select(item => (item.ItemId, item.Score)));
            }
        }
    }

    [Fact]
    public void The_same_data_and_seed_give_the_same_files()
    {
        var store = new GenerationStore(_folder);

        IReadOnlyDictionary<string, string> first = store.Verify(store.Publish(SmallWorld.Train())).Files;
        IReadOnlyDictionary<string, string> second = store.Verify(store.Publish(SmallWorld.Train())).Files;

        Assert.Equal(first.OrderBy(file => file.Key), second.OrderBy(file => file.Key));
    }

    [Fact]
    public void Generations_are_numbered_and_a_rollback_returns_to_the_one_before()
    {
        var store = new GenerationStore(_folder);
        string first = store.Publish(Trained.Value);
        string second = store.Publish(Trained.Value);

        Assert.Equal(second, store.CurrentName);
        Assert.Equal(first, store.Rollback());
        Assert.Equal(first, store.LoadCurrent().Name);
        Assert.Equal([first, second], store.List().Select(manifest => manifest.Name));
        GenerationException e = Assert.Throws<GenerationException>(store.Rollback);
        Assert.Contains("oldest", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_damaged_file_is_refused_by_name()
    {
        var store = new GenerationStore(_folder);
        string name = store.Publish(Trained.Value);
        foreach (string file in store.Verify(name).Files.Keys)
        {
            string path = Path.Combine(_folder, name, file);
            byte[] bytes = File.ReadAllBytes(path);
            byte[] damaged = [.. bytes];
            damaged[bytes.Length / 2] ^= 0x40;
            File.WriteAllBytes(path, damaged);

            GenerationException e = Assert.Throws<GenerationException>(store.LoadCurrent);
            Assert.Equal(name, e.Generation);
            Assert.Contains(file, e.Message, StringComparison.Ordinal);

            File.Delete(path);
            Assert.Contains("missing", Assert.Throws<GenerationException>(store.LoadCurrent).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, bytes);
        }

        Assert.Equal(name, store.LoadCurrent().Name);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("null")]
    [InlineData("")]
    public void A_damaged_manifest_is_refused(string manifest)
    {
        var store = new GenerationStore(_folder);
        string name = store.Publish(Trained.Value);
        File.WriteAllText(Path.Combine(_folder, name, "manifest.json"), manifest);

        GenerationException e = Assert.Throws<GenerationException>(store.LoadCurrent);

        Assert.Contains("manifest", e.Message, StringComparison.Ordinal);
        Assert.Empty(store.List());
    }

    [Fact]
    public void A_generation_of_another_format_is_refused_with_what_to_do()
    {
        var store = new GenerationStore(_folder);
        string path = Path.Combine(_folder, store.Publish(Trained.Value), "manifest.json");
        File.WriteAllText(
            path, File.ReadAllText(path).Replace("\"format\": 1", "\"format\": 99", StringComparison.Ordinal));

        GenerationException e = Assert.Throws<GenerationException>(store.LoadCurrent);

        Assert.Contains("format 99", e.Message, StringComparison.Ordinal);
        Assert.Contains("palate train", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_store_says_what_to_do()
    {
        var store = new GenerationStore(Path.Combine(_folder, "none"));

        Assert.Null(store.CurrentName);
        Assert.Empty(store.List());
        Assert.Contains(
            "palate train", Assert.Throws<GenerationException>(store.LoadCurrent).Message, StringComparison.Ordinal);
        Assert.Contains(
            "palate train", Assert.Throws<GenerationException>(store.Rollback).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_publication_that_was_cut_off_is_cleared_away_by_the_next()
    {
        var store = new GenerationStore(_folder);
        Directory.CreateDirectory(Path.Combine(_folder, ".unfinished-g0001-dead"));
        File.WriteAllText(Path.Combine(_folder, ".unfinished-g0001-dead", "sources.bin"), "half");

        string name = store.Publish(Trained.Value);

        Assert.Equal([name], Directory.GetDirectories(_folder).Select(Path.GetFileName));
    }

    private static async Task<Recommendation> Recommend(Generation generation, RecommendRequest request) =>
        await new Recommender(generation, TimeProvider.System).RecommendAsync(request);
}
