namespace Palate;

/// <summary>What a label is worth at the top of a ranking.</summary>
public enum LabelGain
{
    /// <summary><c>2^label - 1</c>, for graded labels; labels are at most 30.</summary>
    Exponential,

    /// <summary>The label itself.</summary>
    Label,
}
