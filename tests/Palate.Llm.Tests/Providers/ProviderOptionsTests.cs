using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class ProviderOptionsTests
{
    [Theory]
    [InlineData(null, "set 'key' to env:NAME or file:PATH")]
    [InlineData("env:PALATE_TEST_NO_SUCH_KEY", "PALATE_TEST_NO_SUCH_KEY")]
    [InlineData("file:/no/such/file", "/no/such/file")]
    [InlineData("sk-plain-secret", "never the key itself")]
    public void A_missing_key_is_a_clear_error_at_start_that_repeats_no_secret(string? key, string words)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ProviderFactory.Create(
            new ProviderOptions { Name = "p", Kind = ProviderKind.OpenAI, Model = "m", Key = key }, TimeProvider.System));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-plain-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProviderKind.Vllm, null, "no endpoint")]
    [InlineData(ProviderKind.Vllm, "ftp://host", "no http")]
    [InlineData(ProviderKind.Vllm, "http://user:pass@host", "holds a user")]
    public void A_wrong_endpoint_is_refused(ProviderKind kind, string? endpoint, string words)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ProviderFactory.Create(
            new ProviderOptions
            {
                Name = "p",
                Kind = kind,
                Model = "m",
                Endpoint = endpoint is null ? null : new Uri(endpoint),
            },
            TimeProvider.System));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_has_its_client()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "key-factory.txt");
        File.WriteAllText(file, "sk-factory");
        foreach (ProviderKind kind in Enum.GetValues<ProviderKind>())
        {
            var options = new ProviderOptions
            {
                Name = "p",
                Kind = kind,
                Model = "m",
                Endpoint = new Uri("http://127.0.0.1:9"),
                Key = "file:" + file,
            };
            using IChatClient client = ProviderFactory.Create(options, TimeProvider.System);
            Assert.NotNull(client.GetService<ChatClientMetadata>());
            Assert.DoesNotContain("sk-factory", options.ToString(), StringComparison.Ordinal);
        }

        File.Delete(file);
    }

    [Fact]
    public async Task Events_are_read_whatever_the_pieces_in_which_they_come()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(": hello\r\nevent: x\ndata: one\ndata:two\r\n\r\n\n\ndata: " + new string('y', 20_000)
            + "\n\ndata: never ended");
        for (int size = 1; size < 7; size++)
        {
            using var events = new ServerEvents(new Pieces(bytes, size));
            Assert.True(await events.ReadAsync(default));
            Assert.Equal("one\ntwo", Encoding.UTF8.GetString(events.Data.Span));
            Assert.True(await events.ReadAsync(default));
            Assert.Equal(20_000, events.Data.Length);
            Assert.False(await events.ReadAsync(default));
        }
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
