namespace Palate;

/// <summary>What is asked of the recommender: for whom, how many, under which conditions.</summary>
public sealed record RecommendRequest
{
    /// <summary>The largest <see cref="Count"/> that is answered.</summary>
    public const int MaxCount = Rules.MaxRank;

    /// <summary>The longest <see cref="Query"/> that is read, in UTF-16 code units.</summary>
    public const int MaxQueryLength = 2000;

    /// <summary>The most ids in <see cref="Session"/> and in <see cref="Exclude"/>.</summary>
    public const int MaxListLength = Rules.MaxExclusions;

    /// <summary>The user's external id; null for somebody who is not known by name.</summary>
    public string? UserId { get; init; }

    /// <summary>How many items are wanted, 1 to <see cref="MaxCount"/>; fewer are returned when no more are left.</summary>
    /// <value>The default is 10.</value>
    public int Count { get; init; } = 10;

    /// <summary>What the user typed, or null.</summary>
    public string? Query { get; init; }

    /// <summary>
    /// Items of the running session, oldest first. They are added to the stored history of the user, and are all
    /// there is of somebody unknown. Ids that the generation does not know are counted and ignored.
    /// </summary>
    public IReadOnlyList<SessionItem> Session { get; init; } = [];

    /// <summary>Item ids that must not be returned.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>For each named attribute the values of which an item needs at least one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Require { get; init; } = Attributes.None;

    /// <summary>What the owner of the list wants of it: exclusions, pins, boosts, caps.</summary>
    /// <value>The default is no rules.</value>
    public Rules Rules { get; init; } = Rules.None;

    /// <summary>How the answer is shaped; null for what the pipeline does. A weight of 0 turns shaping off.</summary>
    public ShapingOptions? Shaping { get; init; }

    /// <summary>Whether items of the user's own history may be returned.</summary>
    /// <value>The default is false.</value>
    public bool IncludeSeen { get; init; }

    /// <summary>The name of the pipeline to use; null for the default one.</summary>
    public string? Pipeline { get; init; }

    /// <summary>What the answer may cost; null for what the pipeline allows.</summary>
    public Budget? Budget { get; init; }

    /// <summary>What the order should achieve beyond relevance, in a sentence, for example <c>fresh and varied</c>.</summary>
    public string? Goal { get; init; }

    /// <summary>Whose money is spent and whose caches are used; null where there is only one tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Judge anew, also what was judged before.</summary>
    public bool NoCache { get; init; }

    /// <summary>Keep no judgment of this request for later ones.</summary>
    public bool NoStore { get; init; }

    /// <summary>Whether each item should carry its explanation.</summary>
    public bool Explain { get; init; }

    /// <summary>Whether each item should carry the values of the ranker's features.</summary>
    public bool LogFeatures { get; init; }

    /// <summary>Checks every field against its limits.</summary>
    /// <exception cref="InvalidRequestException">A field is out of its limits.</exception>
    public void Validate()
    {
        if (Count is < 1 or > MaxCount)
        {
            throw new InvalidRequestException("count", $"count is {Count}; give a number from 1 to {MaxCount}.");
        }

        if (Query?.Length > MaxQueryLength)
        {
            throw new InvalidRequestException(
                "query", $"query has {Query.Length} characters; at most {MaxQueryLength} are read.");
        }

        if (UserId is { Length: 0 or > 512 })
        {
            throw new InvalidRequestException(
                "user_id", $"user_id has {UserId.Length} characters; give 1 to 512, or none for an unknown user.");
        }

        if (Goal?.Length > MaxQueryLength)
        {
            throw new InvalidRequestException(
                "goal", $"goal has {Goal.Length} characters; at most {MaxQueryLength} are read.");
        }

        if (Tenant?.Length > 512)
        {
            throw new InvalidRequestException("tenant", $"tenant has {Tenant.Length} characters; give at most 512.");
        }

        Budget?.Validate();
        Rules.Validate();
        Shaping?.Validate();
        CheckLength("session", Session.Count);
        CheckLength("exclude", Exclude.Count);
        foreach (SessionItem item in Session)
        {
            if (!float.IsFinite(item.Value))
            {
                throw new InvalidRequestException(
                    "session", $"the value of session item '{item.ItemId}' is {item.Value}; give a finite number.");
            }
        }
    }

    private static void CheckLength(string parameter, int length)
    {
        if (length > MaxListLength)
        {
            throw new InvalidRequestException(
                parameter, $"{parameter} has {length} entries; at most {MaxListLength} are read.");
        }
    }
}
