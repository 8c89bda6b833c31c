using System.Numerics.Tensors;

namespace Palate.Tests;

public sealed class TextEmbeddingTests
{
    private static readonly string[][] Topics =
    [
        ["rocket", "planet", "orbit", "astronaut", "galaxy", "star", "moon"],
        ["kitchen", "recipe", "sauce", "oven", "flour", "sugar", "butter"],
        ["guitar", "drum", "concert", "melody", "band", "chord", "singer"],
    ];

    private static readonly string[] Texts = [.. Enumerable.Range(0, 150).Select(Text)];

    private static readonly TextEmbedding Fitted = TextEmbedding.Fit(Texts, new TextEmbeddingOptions { Dimensions = 3 });

    [Fact]
    public void Texts_on_one_topic_are_near_and_on_different_topics_far()
    {
        // The two share no term: the neighbours connect them.
        float[] left = Fitted.Embed("rocket planet orbit");
        Assert.True(TensorPrimitives.Dot<float>(left, Fitted.Embed("astronaut galaxy")) > 0.8f);
        Assert.True(Math.Abs(TensorPrimitives.Dot<float>(left, Fitted.Embed("oven recipes"))) < 0.2f);
    }

    [Fact]
    public void Embeddings_have_length_one_and_unknown_text_has_none()
    {
        Assert.Equal(1, TensorPrimitives.Norm<float>(Fitted.Embed("a rocket band")), 5);
        Assert.All(Fitted.Embed("zzz"), value => Assert.Equal(0, value));
        Assert.False(Fitted.Embed("", new float[3]));
        ItemVectors all = Fitted.EmbedAll(Texts);
        Assert.Equal(Fitted.Embed(Texts[7]), all[7].ToArray());
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_loading_keeps_them()
    {
        TextEmbedding again = TextEmbedding.Fit(Texts, new TextEmbeddingOptions { Dimensions = 3 });
        Assert.Equal(Fitted.Embed("moon butter"), again.Embed("moon butter"));
        byte[] bytes = Files.Save(Fitted.Save);
        Assert.Equal(Fitted.Embed("moon butter"), Files.Load(bytes, TextEmbedding.Load).Embed("moon butter"));
        for (int length = 0; length < bytes.Length; length += 13)
        {
            Assert.Throws<InvalidDataException>(() => Files.Load(bytes[..length], TextEmbedding.Load));
        }
    }

    [Fact]
    public void Too_little_text_teaches_nothing_but_does_not_fail()
    {
        Assert.All(TextEmbedding.Fit((string[])[]).Embed("moon"), value => Assert.Equal(0, value));
        Assert.All(TextEmbedding.Fit(["one"]).Embed("one"), value => Assert.Equal(0, value));
        TextEmbedding same = TextEmbedding.Fit(["red", "red"], new TextEmbeddingOptions { MaxShare = 1 });
        Assert.Equal(1, TensorPrimitives.Norm<float>(same.Embed("red")), 5);
    }

    [Fact]
    public void A_cancelled_fit_throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TextEmbedding.Fit(Texts, stop: source.Token));
    }

    private static string Text(int number)
    {
        var random = new SeededRandom((ulong)number);
        string[] topic = Topics[number % Topics.Length];
        return string.Join(' ', Enumerable.Range(0, 6).Select(_ => topic[random.Next(topic.Length)]));
    }
}
