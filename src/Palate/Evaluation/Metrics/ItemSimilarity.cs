using System.Numerics.Tensors;

namespace Palate;

/// <summary>Ways to say how alike two items are, for diversity.</summary>
public static class ItemSimilarity
{
    /// <summary>Jaccard's index of two items' values of an attribute, 0 to 1; 0 where both have none.</summary>
    public static Func<int, int, float> OfAttribute(AttributeColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return (first, second) =>
        {
            ReadOnlySpan<int> a = column[first];
            ReadOnlySpan<int> b = column[second];
            int common = 0;
            foreach (int code in a)
            {
                common += b.BinarySearch(code) >= 0 ? 1 : 0;
            }

            int union = a.Length + b.Length - common;
            return union == 0 ? 0 : (float)common / union;
        };
    }

    /// <summary>The cosine of two items' vectors, -1 to 1; 0 where a vector is zero.</summary>
    /// <param name="vectors">Items x width, row by row.</param>
    /// <param name="width">The length of a vector.</param>
    public static Func<int, int, float> OfVectors(float[] vectors, int width)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length % width, 0, nameof(vectors));
        return (first, second) =>
        {
            float cosine = TensorPrimitives.CosineSimilarity(
                vectors.AsSpan(first * width, width), vectors.AsSpan(second * width, width));
            return float.IsNaN(cosine) ? 0 : cosine;
        };
    }
}
