namespace Palate;

/// <summary>What a cell weighs when items are compared; an item is the document, its users are the terms.</summary>
public enum NeighbourWeighting
{
    /// <summary>1.</summary>
    None,

    /// <summary>The logarithm of how rare the user is: somebody who takes everything says little.</summary>
    TfIdf,

    /// <summary>As TF-IDF, and less for items with many users (Okapi BM25 with k1 = 1.2, b = 0.75).</summary>
    Bm25,
}
