using System.Text.Json;
using Microsoft.Extensions.Logging;
using Palate.Hosting;

namespace Palate.Serving.Tests;

public sealed class LiveLearningTests
{
    [Fact]
    public async Task What_was_learned_is_asked_for_as_often_as_the_generation_and_a_refusal_shows()
    {
        var time = new ManualTime();
        int polls = 0;
        IReadOnlyList<LearnedChange> changes = [];
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"), time, () =>
        {
            polls++;
            return changes;
        });

        time.Advance(TimeSpan.FromSeconds(1));
        int first = polls;
        (_, JsonElement before, _) = await service.GetAsync("/health/ready");
        changes = [new LearnedChange("trust/llm@m.bin", "It ends early."), new LearnedChange("students/llm@m.bin")];
        time.Advance(TimeSpan.FromSeconds(1));
        (_, JsonElement refused, _) = await service.GetAsync("/health/ready");
        (_, JsonElement answer, _) = await service.GetAsync("/recommend?user_id=1");
        changes = [];
        time.Advance(TimeSpan.FromSeconds(1));
        (_, JsonElement still, _) = await service.GetAsync("/health/ready");
        changes = [new LearnedChange("trust/llm@m.bin")];
        time.Advance(TimeSpan.FromSeconds(1));
        (_, JsonElement after, _) = await service.GetAsync("/health/ready");

        Assert.Equal((1, 4), (first, polls));
        Assert.Equal("ready", before.GetProperty("status").GetString());
        Assert.Equal("degraded", refused.GetProperty("status").GetString());
        Assert.Equal("trust/llm@m.bin was refused: It ends early.", refused.GetProperty("reason").GetString());
        Assert.Equal("success", answer.GetProperty("status").GetString());
        Assert.Equal("degraded", still.GetProperty("status").GetString());
        Assert.Equal("ready", after.GetProperty("status").GetString());
    }

    [Fact]
    public void Each_change_is_one_line_of_the_log_and_what_stays_refused_is_told_once()
    {
        var log = new Lines();
        IReadOnlyList<LearnedChange> changes = [];
        using var learning = new LiveLearning([new LearnedFeed(() => changes)], new PalateOptions(), log);

        learning.Poll();
        Assert.Empty(log.Told);
        changes = [new LearnedChange("a", "It is damaged.")];
        learning.Poll();
        learning.Poll();
        changes = [new LearnedChange("a")];
        learning.Poll();

        Assert.Equal(
        [
            (LogLevel.Error, "a was refused: It is damaged. What it held before still counts"),
            (LogLevel.Information, "a changed and counts from now on"),
        ], log.Told);
        Assert.Null(learning.Trouble);
    }

    private sealed class Lines : ILogger<LiveLearning>
    {
        public List<(LogLevel, string)> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Add((logLevel, formatter(state, exception)));
    }
}
