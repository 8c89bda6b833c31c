using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>What the owner of a list wants of it, as a body says it.</summary>
/// <remarks>Setters and not initialisers: the generated reader leaves the defaults of absent fields alone.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RulesBody
{
    /// <summary>Ids of items that must not be returned: strings or whole numbers.</summary>
    public IReadOnlyList<ExternalId> Exclude { get; set; } = [];

    /// <summary>Items that stand at a certain rank.</summary>
    public IReadOnlyList<PinBody> Pins { get; set; } = [];

    /// <summary>Items that move up, or down, for a value of an attribute.</summary>
    public IReadOnlyList<Boost> Boosts { get; set; } = [];

    /// <summary>How many items of a value the answer may hold.</summary>
    public IReadOnlyList<CapBody> Caps { get; set; } = [];

    /// <summary>The rules that the body means; their limits are checked with the request.</summary>
    /// <exception cref="InvalidRequestException">A rule is null.</exception>
    public Rules ToRules() => new()
    {
        Exclude = [.. Exclude.Select(id => id.Text)],
        Pins = [.. Pins.Select((pin, place) => Given(pin, "pins", place)).Select(pin => new Pin(pin.ItemId.Text, pin.Rank))],
        Boosts = [.. Boosts.Select((boost, place) => Given(boost, "boosts", place))],
        Caps = [.. Caps.Select((cap, place) => Given(cap, "caps", place)).Select(cap => new Cap(cap.Attribute, cap.Value, cap.Most))],
    };

    private static T Given<T>(T? rule, string list, int place)
        where T : class =>
        rule ?? throw new InvalidRequestException(
            $"rules.{list}[{place}]", $"rules.{list}[{place}] is null; give an object, or leave it away.");

    /// <summary>An item that stands at a certain rank.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record PinBody
    {
        /// <summary>The item's id: a string or a whole number. It becomes a candidate when no source proposed it.</summary>
        [JsonRequired]
        public ExternalId ItemId { get; set; }

        /// <summary>The rank, 1-based. With fewer items before it the item stands as far down as there are.</summary>
        [JsonRequired]
        public int Rank { get; set; }
    }

    /// <summary>How many items of a value the answer may hold.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record CapBody
    {
        /// <summary>The attribute.</summary>
        [JsonRequired]
        public string Attribute { get; set; } = "";

        /// <summary>The value; absent to cap every value of the attribute, each on its own.</summary>
        public string? Value { get; set; }

        /// <summary>How many, 1 or more.</summary>
        [JsonRequired]
        public int Most { get; set; }
    }
}
