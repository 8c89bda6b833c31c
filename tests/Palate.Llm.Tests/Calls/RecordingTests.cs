using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class RecordingTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("palate-recording-").FullName, "r.jsonl");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_recorded_is_said_again_without_the_model(bool stream)
    {
        var model = new FakeModel(call => call.Messages[0].Text == "bad"
            ? throw new ModelCallException(ModelCallFailure.Server, "500")
            : Task.FromResult(FakeModel.Reply($"reply {call.Number}")));
        using (var recording = Recording.Open(_path, write: true))
        {
            IChatClient client = Client(model, recording, RecordingMode.Record);
            await Call(client, "a", stream);
            await Call(client, "a", stream);
            await Call(client, "b", stream);
            await Ask.Fails(() => Call(client, "bad", stream));
            Assert.Equal(4, recording.Count);
        }

        using var again = Recording.Open(_path, write: false);
        IChatClient replay = Client(model, again, RecordingMode.Replay);
        Assert.Equal("reply 3", await Call(replay, "b", stream: false));
        Assert.Equal("reply 1", await Call(replay, "a", stream: true));
        Assert.Equal("reply 2", await Call(replay, "a", stream: false));
        Assert.Equal("reply 2", await Call(replay, "a", stream));
        Assert.Equal(ModelCallFailure.Server, (await Ask.Fails(() => Call(replay, "bad", stream))).Kind);
        Assert.Equal(4, model.Calls);
    }

    [Fact]
    public async Task A_request_without_a_recorded_reply_fails_clearly()
    {
        using (var recording = Recording.Open(_path, write: true))
        {
            await Client(new FakeModel(), recording, RecordingMode.Record).Reply("a");
        }

        using var again = Recording.Open(_path, write: false);
        ModelCallException e = await Ask.Fails(() => Client(new FakeModel(), again, RecordingMode.Replay).Reply("my secret"));

        Assert.Equal(ModelCallFailure.NotRecorded, e.Kind);
        Assert.Contains("no reply to the request", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("my secret", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("my secret", await File.ReadAllTextAsync(_path), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Recording.Open(_path + ".none", write: false));
    }

    [Fact]
    public async Task Replies_that_are_missing_can_be_added()
    {
        var model = new FakeModel();
        for (int run = 0; run < 2; run++)
        {
            using var recording = Recording.Open(_path, write: true);
            IChatClient client = Client(model, recording, RecordingMode.ReplayOrRecord);
            await client.Reply("a");
            await client.Reply("b");
        }

        Assert.Equal(2, model.Calls);
    }

    [Fact]
    public async Task Half_a_last_line_is_skipped_and_a_damaged_one_before_it_is_an_error()
    {
        using (var recording = Recording.Open(_path, write: true))
        {
            await Client(new FakeModel(), recording, RecordingMode.Record).Reply("a");
        }

        string whole = await File.ReadAllTextAsync(_path);
        await File.WriteAllTextAsync(_path, whole + whole[..20]);
        using (var recording = Recording.Open(_path, write: true))
        {
            Assert.Equal(1, recording.Count);
        }

        var e = Assert.Throws<InvalidDataException>(() =>
        {
            File.AppendAllText(_path, whole);
            Recording.Open(_path, write: false).Dispose();
        });
        Assert.Contains("Line 2", e.Message, StringComparison.Ordinal);
    }

    private static async Task<string> Call(IChatClient client, string text, bool stream) =>
        stream ? await client.Streamed(text) : (await client.Reply(text)).Text;

    private IChatClient Client(FakeModel model, Recording recording, RecordingMode mode) =>
        new CallChain(_time).Record(recording, mode).Build(model);
}
