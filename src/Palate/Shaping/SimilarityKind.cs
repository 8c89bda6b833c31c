namespace Palate;

/// <summary>What makes two items alike.</summary>
public enum SimilarityKind
{
    /// <summary>They share values of an attribute: Jaccard's index.</summary>
    Attribute,

    /// <summary>Their texts are alike: the cosine of the text embeddings.</summary>
    Text,

    /// <summary>The same users take them: the cosine of the factors of <see cref="Als"/>.</summary>
    Behaviour,
}
