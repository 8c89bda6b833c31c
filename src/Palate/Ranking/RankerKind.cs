using System.Text.Json.Serialization;

namespace Palate;

/// <summary>Which base ranker is trained.</summary>
public enum RankerKind
{
    /// <summary>None: the fused order of the sources stands.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Gradient-boosted trees.</summary>
    [JsonStringEnumMemberName("lambdamart")]
    LambdaMart,

    /// <summary>Logistic regression on the same features.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,

    /// <summary>The average of the two.</summary>
    [JsonStringEnumMemberName("average")]
    Average,
}
