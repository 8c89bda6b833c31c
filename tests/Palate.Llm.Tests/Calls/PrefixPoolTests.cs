using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class PrefixPoolTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void OpenAI_keys_are_changed_before_they_are_too_busy()
    {
        var pool = new PrefixPool(PrefixRules.OpenAI, _time);

        string[] keys = [.. Enumerable.Range(0, 40).Select(_ => pool.Apply(Call("p"), 1100).PrefixKey!)];

        Assert.All(keys.GroupBy(key => key), group => Assert.InRange(group.Count(), 1, 15));
        Assert.Equal(3, keys.Distinct().Count());
        _time.Advance(60_000);
        Assert.Equal(keys[0], pool.Apply(Call("p"), 1100).PrefixKey);
        Assert.DoesNotContain(pool.Apply(Call("q"), 1100).PrefixKey, keys);
    }

    [Fact]
    public void OpenAI_caches_from_1024_tokens_in_steps_of_128_for_some_minutes()
    {
        var pool = new PrefixPool(PrefixRules.OpenAI, _time);

        Assert.Equal(0, pool.Apply(Call("p"), 1300).ExpectedCachedTokens);
        Assert.Equal(1280, pool.Apply(Call("p"), 1300).ExpectedCachedTokens);
        _time.Advance(299_000);
        Assert.Equal(1280, pool.Apply(Call("p"), 1300).ExpectedCachedTokens);
        _time.Advance(300_000);
        Assert.Equal(0, pool.Apply(Call("p"), 1300).ExpectedCachedTokens);
        Assert.Equal(0, pool.Apply(Call("short"), 900).ExpectedCachedTokens + pool.Apply(Call("short"), 900).ExpectedCachedTokens);
    }

    [Fact]
    public void Each_prefix_keeps_its_slot_until_the_slot_goes_to_one_that_is_used_more()
    {
        var pool = new PrefixPool(PrefixRules.LlamaCpp(2), _time);

        Assert.Equal([0, 1, 0, 1], Slots("a", "b", "a", "b"));
        Assert.Equal([0, 1, 0], Slots("c", "b", "c"));
        CallContext again = pool.Apply(Call("a"), 500);
        Assert.Equal((1, 0), (again.Slot, again.ExpectedCachedTokens));
        Assert.Equal(500, pool.Apply(Call("a"), 500).ExpectedCachedTokens);

        int?[] Slots(params string[] prefixes) => [.. prefixes.Select(prefix =>
        {
            _time.Advance(1);
            return pool.Apply(Call(prefix), 500).Slot;
        })];
    }

    [Fact]
    public void Tenants_are_kept_apart_and_not_named()
    {
        var pool = new PrefixPool(PrefixRules.VLlm, _time, "secret");
        CallContext first = pool.Apply(Call("p") with { Tenant = "acme" }, 500);
        CallContext other = pool.Apply(Call("p") with { Tenant = "corp" }, 500);

        Assert.NotEqual(first.CacheSalt, other.CacheSalt);
        Assert.Equal(0, other.ExpectedCachedTokens);
        Assert.Equal(first.CacheSalt, pool.Apply(Call("p") with { Tenant = "acme" }, 500).CacheSalt);
        Assert.NotEqual(first.CacheSalt, new PrefixPool(PrefixRules.VLlm, _time, "b").Apply(Call("p") with { Tenant = "acme" }, 5).CacheSalt);
        Assert.DoesNotContain("acme", first.CacheSalt, StringComparison.Ordinal);
        Assert.Null(pool.Apply(Call("p"), 500).CacheSalt);
        Assert.Equal(496, pool.Apply(Call("p"), 500).ExpectedCachedTokens);
        Assert.Equal(first.CacheSalt, pool.Apply(new CallContext { Tenant = "acme" }, 0).CacheSalt);
    }

    [Fact]
    public void Only_so_many_prefixes_are_remembered()
    {
        var pool = new PrefixPool(PrefixRules.LlamaCpp(3), _time, most: 5);
        for (int prefix = 0; prefix < 100; prefix++)
        {
            _time.Advance(1);
            Assert.InRange(pool.Apply(Call($"p{prefix}"), 100).Slot!.Value, 0, 2);
        }

        Assert.Equal(5, pool.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_provider_gets_key_slot_and_salt(bool stream)
    {
        var seen = new List<CallContext>();
        var model = new FakeModel(call =>
        {
            seen.Add(call.Context);
            return Task.FromResult(FakeModel.Reply("x"));
        });
        IChatClient client = new CallChain(_time)
            .ReusePrefixes(new PrefixPool(new PrefixRules(10, 10, TimeSpan.FromMinutes(1), 5, 4, true), _time))
            .Build(model);
        string text = new('x', 1000);
        var context = new CallContext
        {
            PrefixHash = "p",
            Tenant = "acme",
            EstimatedTokens = 250,
            SharedPrefixBytes = 600,
            Pipeline = "kept",
        };

        for (int call = 0; call < 2; call++)
        {
            await (stream ? client.Streamed(text, context) : (Task)client.Reply(text, context));
        }

        Assert.Equal([0, 150], seen.Select(call => call.ExpectedCachedTokens));
        Assert.All(seen, call => Assert.True(
            call is { PrefixKey: not null, Slot: 0, CacheSalt: not null, Pipeline: "kept" }));
    }

    private static CallContext Call(string prefix) => new() { PrefixHash = prefix, EstimatedTokens = 2000 };
}
