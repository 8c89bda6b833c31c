using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class TextEmbeddingGeneratorTests
{
    private static readonly TextEmbedding Fitted = TextEmbedding.Fit(
        ["red rose", "red wine", "blue sea", "blue sky"], new TextEmbeddingOptions { Dimensions = 2 });

    [Fact]
    public async Task It_gives_the_embedding_of_the_engine()
    {
        using var generator = new TextEmbeddingGenerator(Fitted);
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(["red", "blue", "zzz"]);
        Assert.Equal(Fitted.Embed("red"), found[0].Vector.ToArray());
        Assert.Equal(Fitted.Embed("blue"), found[1].Vector.ToArray());
        Assert.Equal([0f, 0f], found[2].Vector.ToArray());
        Assert.Equal(2, generator.GetRequiredService<EmbeddingGeneratorMetadata>().DefaultModelDimensions);
        Assert.Same(Fitted, generator.GetService(typeof(TextEmbedding)));
    }

    [Fact]
    public async Task Another_length_cannot_be_had()
    {
        using var generator = new TextEmbeddingGenerator(Fitted);
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { Dimensions = 7 }));
        Assert.Contains("fit it anew", error.Message, StringComparison.Ordinal);
    }
}
