using Palate.Llm;

namespace Palate.Storage.Tests;

public sealed class SqliteCacheStoreTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Values_come_back_after_a_restart_until_they_expire()
    {
        using (var cache = new SqliteCacheStore(_home.Store, _time))
        {
            cache.Put([Record("a", 10, 1, 2, 3), Record("b", 20), Record("a", 30, 4)]);
        }

        using SqliteStore store = _home.Home.OpenStore();
        using var again = new SqliteCacheStore(store, _time);

        IReadOnlyDictionary<string, CacheRecord> found = await again.GetAsync(["a", "b", "c"], default);
        Assert.Equal(["a", "b"], found.Keys.Order());
        Assert.Equal([4], found["a"].Value.ToArray());
        Assert.Empty(found["b"].Value.ToArray());
        Assert.Equal(_time.GetUtcNow().AddSeconds(30), found["a"].Expires);

        _time.Advance(20_000);
        Assert.Equal(["a"], (await again.GetAsync(["a", "b", "c"], default)).Keys);
    }

    [Fact]
    public async Task A_value_can_be_read_back_after_the_interval()
    {
        using var cache = new SqliteCacheStore(_home.Store, _time);
        cache.Put([Record("a", 10, 1)]);
        Assert.Empty(await cache.GetAsync(["a"], default));

        _time.Advance(1000);

        Assert.Single(await cache.GetAsync(["a"], default));
    }

    [Fact]
    public void Expired_values_and_those_beyond_the_number_are_removed()
    {
        using var cache = new SqliteCacheStore(_home.Store, _time, mostValues: 5);
        cache.Put([Record("old", 1), .. Enumerable.Range(0, 9).Select(number => Record($"k{number}", 100 + number))]);
        cache.Flush();
        Assert.Equal(5, _home.Store.CachedValues());

        for (int batch = 0; batch < 64; batch++)
        {
            cache.Put([Record($"more{batch}", 1000 + batch)]);
            cache.Flush();
        }

        Assert.InRange(_home.Store.CachedValues(), 5, 5 + 64);
    }

    [Fact]
    public async Task Grades_and_replies_go_through_it()
    {
        using (var cache = new SqliteCacheStore(_home.Store, _time))
        {
            new GradeCache(new CacheOptions { Store = cache }, _time).Put("c", "i", new CachedGrade(0.25, "because"));
        }

        using var again = new SqliteCacheStore(_home.Store, _time);
        CachedGrade?[] grades = await new GradeCache(new CacheOptions { Store = again }, _time).GetAsync("c", ["i", "j"]);

        Assert.Equal(new CachedGrade(0.25, "because"), grades[0]);
        Assert.Null(grades[1]);
    }

    private KeyValuePair<string, CacheRecord> Record(string key, int seconds, params byte[] value) =>
        new(key, new CacheRecord(value, _time.GetUtcNow().AddSeconds(seconds)));
}
