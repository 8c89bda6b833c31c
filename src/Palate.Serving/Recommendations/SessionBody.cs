using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>One interaction of the running session, as it is written in a request.</summary>
/// <remarks>Setters and not initialisers: the generated reader leaves the defaults of absent fields alone.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SessionBody
{
    /// <summary>The item's id: a string or a whole number.</summary>
    [JsonRequired]
    public ExternalId ItemId { get; set; }

    /// <summary>How much: a rating, a quantity, or 1.</summary>
    public float Value { get; set; } = 1;

    /// <summary>When, in Unix seconds; 0 for now.</summary>
    public long Time { get; set; }
}
