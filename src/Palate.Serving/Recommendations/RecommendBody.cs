using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>The body of <c>POST /recommend</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecommendBody
{
    /// <summary>All fields, as a sentence names them.</summary>
    public const string FieldNames =
        "user_id, query, top_k (or topk), session, exclude, require, include_seen, pipeline, goal, tenant, "
        + "budget, no_cache, no_store, shaping, rules, explain, log_features";

    /// <summary>The user's id: a string or a whole number; absent for somebody unknown.</summary>
    public ExternalId? UserId { get; set; }

    /// <summary>What the user typed.</summary>
    public string? Query { get; set; }

    /// <summary>How many items are wanted, 1 to 1000; 10 when absent.</summary>
    public int? TopK { get; set; }

    /// <summary>The same as <c>top_k</c>.</summary>
    [JsonPropertyName("topk")]
    public int? TopKShort { get; set; }

    /// <summary>Items of the running session, oldest first.</summary>
    public IReadOnlyList<SessionBody>? Session { get; set; }

    /// <summary>Ids of items that must not be returned: strings or whole numbers.</summary>
    public IReadOnlyList<ExternalId>? Exclude { get; set; }

    /// <summary>For each named attribute the values of which an item needs at least one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Require { get; set; }

    /// <summary>Whether items of the user's own history may be returned.</summary>
    public bool IncludeSeen { get; set; }

    /// <summary>The pipeline to use; absent for the default one.</summary>
    public string? Pipeline { get; set; }

    /// <summary>What the order should achieve beyond relevance, in a sentence.</summary>
    public string? Goal { get; set; }

    /// <summary>Whose money is spent and whose caches are used.</summary>
    public string? Tenant { get; set; }

    /// <summary>What the answer may cost; absent for what the pipeline allows.</summary>
    public BudgetBody? Budget { get; set; }

    /// <summary>Judge anew, also what was judged before.</summary>
    public bool NoCache { get; set; }

    /// <summary>Keep no judgment of this request for later ones.</summary>
    public bool NoStore { get; set; }

    /// <summary>How the list is shaped at the end; absent for what the pipeline does.</summary>
    public ShapingBody? Shaping { get; set; }

    /// <summary>What is excluded, pinned, boosted and capped.</summary>
    public RulesBody? Rules { get; set; }

    /// <summary>Whether each item should carry its explanation.</summary>
    public bool Explain { get; set; }

    /// <summary>Whether each item should carry the values of the ranker's features.</summary>
    public bool LogFeatures { get; set; }

    /// <summary>What a field must hold, to complete "x must be".</summary>
    /// <param name="path">The field's path in the body, for example <c>session[0].value</c>.</param>
    public static string Expected(string path)
    {
        string field = path.Split('.', '[')[0];
        string whole = field.Length == path.Length ? "" : "part of ";
        return whole + field switch
        {
            "user_id" => "a string or a whole number",
            "query" or "pipeline" or "goal" or "tenant" => "a string",
            "budget" => "an object like {\"deadline_ms\":200,\"tokens\":5000,\"dollars\":0.002}",
            "top_k" or "topk" => $"a whole number from 1 to {RecommendRequest.MaxCount}",
            "session" => "a list of objects like {\"item_id\":\"50\",\"value\":5,\"time\":874965758}, "
                + "of which only item_id is needed",
            "exclude" => "a list of strings or whole numbers",
            "require" => "an object like {\"genre\":[\"Comedy\",\"Drama\"]}",
            "shaping" => "an object like {\"method\":\"mmr\",\"weight\":0.3,\"attribute\":\"genre\"}",
            "rules" => "an object like {\"pins\":[{\"item_id\":\"50\",\"rank\":1}],"
                + "\"boosts\":[{\"attribute\":\"genre\",\"value\":\"Drama\",\"by\":0.2}],"
                + "\"caps\":[{\"attribute\":\"brand\",\"most\":2}]}",
            _ => "true or false",
        };
    }

    /// <summary>The request that the body means.</summary>
    /// <param name="budgetOf">What a pipeline allows where the body's budget names nothing.</param>
    /// <exception cref="InvalidRequestException">A field is out of its limits, or two disagree.</exception>
    public RecommendRequest ToRequest(Func<string?, Budget> budgetOf)
    {
        if (TopK is not null && TopKShort is not null)
        {
            throw new InvalidRequestException("topk", "topk and top_k are the same; give one of them.");
        }

        int count = TopKShort is null
            ? RecommendLimits.Count("top_k", TopK)
            : RecommendLimits.Count("topk", TopKShort);
        var request = new RecommendRequest
        {
            UserId = UserId?.Text,
            Count = count,
            Query = Query,
            Session = [.. (Session ?? []).Select((item, place) => ToSession(item, place))],
            Exclude = [.. (Exclude ?? []).Select(id => id.Text)],
            Require = RecommendLimits.Require(Require),
            IncludeSeen = IncludeSeen,
            Pipeline = Pipeline,
            Goal = Goal,
            Shaping = Shaping?.ToOptions(),
            Rules = Rules?.ToRules() ?? Palate.Rules.None,
            Tenant = Tenant,
            Budget = Budget?.Over(budgetOf(Pipeline)),
            NoCache = NoCache,
            NoStore = NoStore,
            Explain = Explain,
            LogFeatures = LogFeatures,
        };
        request.Validate();
        return request;
    }

    private static SessionItem ToSession(SessionBody? item, int place) =>
        item is null
            ? throw new InvalidRequestException(
                $"session[{place}]", $"session[{place}] is null; give an object with an item_id.")
            : new SessionItem(item.ItemId.Text, item.Value, item.Time);
}
