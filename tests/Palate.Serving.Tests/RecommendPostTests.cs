using System.Net;
using System.Text.Json;

namespace Palate.Serving.Tests;

public sealed class RecommendPostTests
{
    [Fact]
    public async Task Post_answers_in_full()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (HttpStatusCode status, JsonElement body, string? type) = await service.PostAsync(
            "/recommend", """{"user_id":"u42","query":"cozy mystery","topk":2,"explain":true,"log_features":true}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("application/json", type);
        Assert.Equal("u42", body.GetProperty("user_id").GetString());
        Assert.Equal("g1", body.GetProperty("generation").GetString());
        Assert.Equal("full", body.GetProperty("mode").GetString());
        Assert.Equal("Every stage ran.", body.GetProperty("reason").GetString());
        Assert.Equal("default", body.GetProperty("pipeline").GetString());
        Assert.Equal(0.25, body.GetProperty("timings")[0].GetProperty("milliseconds").GetDouble());
        Assert.Equal(2, body.GetProperty("items").GetArrayLength());
        JsonElement first = body.GetProperty("items")[0];
        Assert.Equal("1", first.GetProperty("item_id").GetString());
        Assert.Equal("rank", first.GetProperty("stages")[0].GetProperty("stage").GetString());
        Assert.Equal(1, first.GetProperty("stages")[0].GetProperty("normalised").GetDouble());
        Assert.Equal("als", first.GetProperty("sources")[0].GetProperty("source").GetString());
        Assert.Equal("als said so", first.GetProperty("explanation").GetProperty("words").GetString());
        Assert.Equal(0.5, first.GetProperty("features").GetProperty("als.Score").GetDouble());
    }

    [Fact]
    public async Task Every_field_reaches_the_engine_and_ids_may_be_numbers()
    {
        RecommendRequest? seen = null;
        FakeStore store = new FakeStore().Publish("g1", (request, _) =>
        {
            seen = request;
            return ValueTask.FromResult(FakeStore.Answer("g1", request));
        });
        await using TestService service = await TestService.StartAsync(store);

        (HttpStatusCode status, _, _) = await service.PostAsync(
            "/recommend",
            """
            {"user_id":123,"query":"q","top_k":7,"include_seen":true,"pipeline":"p","exclude":[1,"b"],
             "session":[{"item_id":50,"value":4.5,"time":874965758},{"item_id":"x"}],
             "require":{"Genre":["Comedy","Drama"]}}
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(seen);
        Assert.Equal(
            ("123", "q", 7, true, "p"), (seen.UserId, seen.Query, seen.Count, seen.IncludeSeen, seen.Pipeline));
        Assert.Equal(["1", "b"], seen.Exclude);
        Assert.Equal([new SessionItem("50", 4.5f, 874965758), new SessionItem("x")], seen.Session);
        Assert.Equal(["Comedy", "Drama"], seen.Require["Genre"]);
        Assert.False(seen.Explain);
    }

    [Fact]
    public async Task What_a_body_leaves_away_has_its_default()
    {
        var seen = new List<RecommendRequest>();
        FakeStore store = new FakeStore().Publish("g1", (request, _) =>
        {
            seen.Add(request);
            return ValueTask.FromResult(FakeStore.Answer("g1", request));
        });
        store.Allowed = new Budget { Tokens = 77, MicroDollars = 2000 };
        await using TestService service = await TestService.StartAsync(store);

        await service.PostAsync("/recommend", """{"shaping":{"method":"parity"},"budget":{"deadline_ms":5}}""");
        await service.PostAsync(
            "/recommend", """{"rules":{"pins":[{"item_id":50,"rank":2}],"caps":[{"attribute":"brand","most":2}]},"shaping":{}}""");
        await service.PostAsync("/recommend", """{"rules":{"exclude":[7],"boosts":[{"attribute":"a","value":"b","by":0.5}]}}""");

        Assert.Equal(3, seen.Count);
        Assert.Equal(new ShapingOptions { Method = "parity" }, seen[0].Shaping! with { GroupValues = new ShapingOptions().GroupValues });
        Assert.Equal(store.Allowed with { Deadline = TimeSpan.FromMilliseconds(5) }, seen[0].Budget);
        Assert.Equal(Rules.None, seen[0].Rules);
        Assert.Equal("mmr", seen[1].Shaping!.Method);
        Assert.Equal([new Pin("50", 2)], seen[1].Rules.Pins);
        Assert.Equal([new Cap("brand", null, 2)], seen[1].Rules.Caps);
        Assert.Null(seen[1].Budget);
        Assert.Equal(["7"], seen[2].Rules.Exclude);
        Assert.Equal([new Boost("a", "b", 0.5f)], seen[2].Rules.Boosts);
        Assert.Null(seen[2].Shaping);
    }

    [Theory]
    [InlineData("""{"user_id":"1","topk":"abc"}""", "topk", "whole number")]
    [InlineData("""{"user_id":"1","topk":2.5}""", "topk", "whole number")]
    [InlineData("""{"user_id":"1","top_k":0}""", "top_k", "1 to 1000")]
    [InlineData("""{"user_id":"1","topk":5,"top_k":5}""", "topk", "one of them")]
    [InlineData("""{"user_id":1.5}""", "user_id", "whole number")]
    [InlineData("""{"user_id":-1}""", "user_id", "whole number")]
    [InlineData("""{"user_id":""}""", "user_id", "1 to 512")]
    [InlineData("""{"user":"1"}""", "user", "not a field")]
    [InlineData("""{"user_id":"1","user_id":"2"}""", "user_id", "twice")]
    [InlineData("""{"session":[{"value":1}]}""", "session[0]", "item_id")]
    [InlineData("""{"session":[{"item_id":"1","valu":1}]}""", "session[0].valu", "not a field")]
    [InlineData("""{"session":[null]}""", "session[0]", "null")]
    [InlineData("""{"session":["50"]}""", "session[0]", "item_id")]
    [InlineData("""{"session":[{"item_id":"1","value":1e99}]}""", "session", "finite")]
    [InlineData("""{"exclude":[1,null]}""", "exclude[1]", "strings or whole numbers")]
    [InlineData("""{"exclude":"1"}""", "exclude", "list of strings")]
    [InlineData("""{"require":{"genre":"Comedy"}}""", "require.genre", "Comedy")]
    [InlineData("""{"require":{"genre":[]}}""", "require.genre", "0 values")]
    [InlineData("""{"explain":"yes"}""", "explain", "true or false")]
    [InlineData("""{"shaping":{"metod":"mmr"}}""", "shaping.metod", "not a field")]
    [InlineData("""{"shaping":{"similarity":"taste"}}""", "shaping.similarity", "part of an object")]
    [InlineData("""{"shaping":{"method":null}}""", "shaping.method", "part of an object")]
    [InlineData("""{"shaping":{"group_values":["a",null]}}""", "shaping", "null")]
    [InlineData("""{"rules":{"pins":[null]}}""", "rules.pins[0]", "null")]
    [InlineData("""{"rules":{"pins":null}}""", "rules.pins", "part of an object")]
    [InlineData("""{"rules":{"pins":[{"item_id":"1"}]}}""", "rules.pins[0]", "'rank'")]
    [InlineData("""{"rules":{"boosts":[{"attribute":null,"value":"a","by":1}]}}""", "rules.boosts[0].attribute", "part of an object")]
    [InlineData("""{"budget":{"tokens":"many"}}""", "budget.tokens", "part of an object")]
    public async Task A_bad_field_is_named(string body, string parameter, string words)
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (HttpStatusCode status, JsonElement problem, string? type) = await service.PostAsync("/recommend", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("application/problem+json", type);
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"user_id\":\"1\",\n  \"topk\" 5}", 2, 10)]
    [InlineData("{\"user_id\":", 1, 12)]
    [InlineData("", 1, 1)]
    [InlineData("[1]", 1, 2)]
    public async Task A_body_that_is_not_JSON_is_located(string body, int line, int position)
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (HttpStatusCode status, JsonElement problem, _) = await service.PostAsync("/recommend", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(line, problem.GetProperty("line").GetInt32());
        Assert.Equal(position, problem.GetProperty("position").GetInt32());
        Assert.DoesNotContain("LineNumber", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_excluded_items_are_refused()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));
        string ids = string.Join(',', Enumerable.Range(0, RecommendRequest.MaxListLength + 1));

        (HttpStatusCode status, JsonElement problem, _) =
            await service.PostAsync("/recommend", $$"""{"exclude":[{{ids}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("exclude", problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_body_over_a_megabyte_is_413()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));
        string query = new('x', RecommendLimits.MaxBodyBytes);

        (HttpStatusCode status, JsonElement problem, string? type) =
            await service.PostAsync("/recommend", $$"""{"query":"{{query}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("application/problem+json", type);
        Assert.Contains("1048576", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_type_is_415()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (HttpStatusCode status, JsonElement problem, string? type) =
            await service.PostAsync("/recommend", "user_id=1", "application/x-www-form-urlencoded");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Equal("application/problem+json", type);
        Assert.Contains("application/json", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
