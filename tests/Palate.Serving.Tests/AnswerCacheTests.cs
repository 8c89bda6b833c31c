using System.Globalization;

namespace Palate.Serving.Tests;

public sealed class AnswerCacheTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_answer_is_given_again_until_it_is_too_old()
    {
        var cache = new AnswerCache(10, TimeSpan.FromSeconds(60), _time);
        cache.Add(Key(1), "one"u8, "full");

        _time.Advance(TimeSpan.FromSeconds(59));
        bool young = cache.TryGet(Key(1), out StoredAnswer? answer, out TimeSpan age);
        _time.Advance(TimeSpan.FromSeconds(1));
        bool old = cache.TryGet(Key(1), out _, out _);

        Assert.True(young);
        Assert.Equal("one"u8.ToArray(), answer!.Body);
        Assert.Equal(("full", 59), (answer.Mode, age.TotalSeconds));
        Assert.False(old);
    }

    [Fact]
    public void Every_part_of_the_question_counts()
    {
        var cache = new AnswerCache(10, TimeSpan.FromSeconds(60), _time);
        cache.Add(Key(1), "one"u8, "full");

        Assert.False(cache.TryGet(Key(1) with { Generation = "g2" }, out _, out _));
        Assert.False(cache.TryGet(Key(1) with { UserId = "2" }, out _, out _));
        Assert.False(cache.TryGet(Key(1) with { Count = 6 }, out _, out _));
        Assert.False(cache.TryGet(Key(1) with { Pipeline = "als" }, out _, out _));
    }

    [Fact]
    public void It_stays_within_its_bound_and_keeps_what_is_asked_for()
    {
        var cache = new AnswerCache(100, TimeSpan.FromHours(1), _time);
        cache.Add(Key(0), "kept"u8, "full");
        for (int user = 1; user < 10_000; user++)
        {
            cache.Add(Key(user), "x"u8, "full");
            Assert.True(cache.TryGet(Key(0), out _, out _));
            Assert.InRange(cache.Count, 1, 100);
        }

        Assert.False(cache.TryGet(Key(1), out _, out _));
        Assert.True(cache.TryGet(Key(9_999), out _, out _));
    }

    [Fact]
    public void Without_room_nothing_is_kept()
    {
        var cache = new AnswerCache(0, TimeSpan.FromHours(1), _time);

        cache.Add(Key(1), "one"u8, "full");

        Assert.False(cache.TryGet(Key(1), out _, out _));
    }

    [Fact]
    public async Task Many_threads_get_whole_answers_to_their_own_questions()
    {
        var cache = new AnswerCache(64, TimeSpan.FromHours(1), _time);

        await Parallel.ForAsync(0, 20_000, (turn, _) =>
        {
            int user = turn % 200;
            byte[] body = BitConverter.GetBytes(user);
            if (cache.TryGet(Key(user), out StoredAnswer? answer, out TimeSpan _))
            {
                Assert.Equal(body, answer.Body);
            }
            else
            {
                cache.Add(Key(user), body, "full");
            }

            return ValueTask.CompletedTask;
        });

        Assert.InRange(cache.Count, 1, 64 + Environment.ProcessorCount);
    }

    private static AnswerKey Key(int user) => new("g1", user.ToString(CultureInfo.InvariantCulture), 5, null);
}
