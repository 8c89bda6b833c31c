using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>How an answer is shaped: for what, by which attribute, and how strongly.</summary>
/// <remarks>Setters and not initialisers: the generated reader leaves the defaults of absent fields alone.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ShapingBody
{
    private static readonly ShapingOptions Standard = new();

    /// <summary>
    /// The shaper: <c>mmr</c>, <c>dpp</c>, <c>xquad</c>, <c>xquad-even</c>, <c>pm2</c>, <c>calibration</c>,
    /// <c>fa-ir</c>, <c>exposure</c>, <c>exposure-linear</c>, <c>parity</c>, <c>cap</c>, <c>novelty</c>, or one of the pipeline's own.
    /// </summary>
    /// <value>The default is <c>mmr</c>.</value>
    public string Method { get; set; } = Standard.Method;

    /// <summary>0 leaves the order alone exactly, 1 looks at the shaper's aim alone.</summary>
    /// <value>The default is 0.3.</value>
    public float Weight { get; set; } = Standard.Weight;

    /// <summary>The attribute that it goes by; for the fair ones the attribute that makes the groups.</summary>
    public string? Attribute { get; set; }

    /// <summary>What makes items alike, for <c>mmr</c> and <c>dpp</c>.</summary>
    /// <value>The default is the attribute where one is named, else the texts, else the behaviour.</value>
    public SimilarityKind? Similarity { get; set; }

    /// <summary>For <c>dpp</c>: from how many of the latest items each must differ, 1 to 1000; 0 for all.</summary>
    public int Window { get; set; }

    /// <summary>For the fair ones: items with at least this number in the attribute are group 1, those below group 0.</summary>
    public float? GroupFrom { get; set; }

    /// <summary>For the fair ones: items with one of these values of the attribute are group 1, all others group 0.</summary>
    public IReadOnlyList<string> GroupValues { get; set; } = [];

    /// <summary>For <c>fa-ir</c>: the fair share of group 1, above 0 and below 1; absent for an even deal.</summary>
    public float? GroupShare { get; set; }

    /// <summary>For <c>cap</c>: how many of the places one value may have, 1 to 1000.</summary>
    /// <value>The default is 3.</value>
    public int MostPerValue { get; set; } = Standard.MostPerValue;

    /// <summary>The options that the body means; their limits are checked with the request.</summary>
    public ShapingOptions ToOptions() => new()
    {
        Method = Method,
        Weight = Weight,
        Attribute = Attribute,
        Similarity = Similarity,
        Window = Window,
        GroupFrom = GroupFrom,
        GroupValues = GroupValues,
        GroupShare = GroupShare,
        MostPerValue = MostPerValue,
    };
}
