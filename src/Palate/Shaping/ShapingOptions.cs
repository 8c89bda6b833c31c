namespace Palate;

/// <summary>How a ranking is shaped at the end: for what, by which attribute, and how strongly.</summary>
public sealed record ShapingOptions
{
    /// <summary>Only this many of the first places are shaped, whatever was asked for: it bounds the time.</summary>
    public const int MaxPlaces = 100;

    /// <summary>
    /// The shaper: <c>mmr</c>, <c>dpp</c>, <c>xquad</c>, <c>xquad-even</c>, <c>pm2</c>, <c>calibration</c>,
    /// <c>fa-ir</c>, <c>exposure</c>, <c>exposure-linear</c>, <c>parity</c>, <c>cap</c>, <c>novelty</c>, or one of the pipeline's own.
    /// </summary>
    /// <value>The default is <c>mmr</c>.</value>
    public string Method { get; init; } = "mmr";

    /// <summary>0 leaves the order alone exactly, 1 looks at the shaper's aim alone.</summary>
    /// <value>The default is 0.3.</value>
    public float Weight { get; init; } = 0.3f;

    /// <summary>
    /// The attribute that it goes by, for example <c>genre</c>; for the fair ones the attribute that makes the groups.
    /// </summary>
    public string? Attribute { get; init; }

    /// <summary>What makes items alike, for <c>mmr</c> and <c>dpp</c>.</summary>
    /// <value>The default, null, is the attribute where one is named, else the texts, else the behaviour.</value>
    public SimilarityKind? Similarity { get; init; }

    /// <summary>For <c>dpp</c>: from how many of the latest items each must differ, 1 to 1000; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>
    /// For the fair ones: items with at least this number in the attribute are group 1, those below group 0.
    /// </summary>
    public float? GroupFrom { get; init; }

    /// <summary>
    /// For the fair ones: items with one of these values of the attribute are group 1, all others group 0.
    /// </summary>
    public IReadOnlyList<string> GroupValues { get; init; } = [];

    /// <summary>
    /// For <c>fa-ir</c>: the fair share of group 1, above 0 and below 1; null for an even deal, see <see
    /// cref="FairTopK"/>.
    /// </summary>
    public float? GroupShare { get; init; }

    /// <summary>For <c>cap</c>: how many of the places one value may have, 1 to 1000.</summary>
    /// <value>The default is 3.</value>
    public int MostPerValue { get; init; } = 3;

    /// <summary>Checks every field against its limits.</summary>
    /// <exception cref="InvalidRequestException">A field is out of its limits.</exception>
    public void Validate()
    {
        Check(!string.IsNullOrEmpty(Method), "method is empty; name one, for example mmr.");
        Check(Weight is >= 0 and <= 1, $"weight is {Weight}; give a number from 0 to 1.");
        Check(Window is >= 0 and <= 1000, $"window is {Window}; give a number from 0 (none) to 1000.");
        Check(GroupFrom is null || float.IsFinite(GroupFrom.Value), $"group_from is {GroupFrom}; give a finite number.");
        Check(
            GroupShare is null or (> 0 and < 1), $"group_share is {GroupShare}; give a number above 0 and below 1.");
        Check(MostPerValue is >= 1 and <= 1000, $"most_per_value is {MostPerValue}; give a number from 1 to 1000.");
        Check(
            GroupFrom is null || GroupValues.Count == 0,
            "group_from and group_values both say what the groups are; give one of them.");
        Check(!GroupValues.Contains(null!), "group_values has an entry that is null; leave it away.");
        Check(GroupValues.Count <= 1000, $"group_values has {GroupValues.Count} entries; at most 1000 are read.");
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidRequestException("shaping", "shaping: " + message);
        }
    }
}
