namespace Palate;

internal sealed partial class RegressionTree
{
    /// <summary>The most leaves of a tree: leaf numbers are bytes when candidates are scored.</summary>
    public const int MaxLeaves = 256;

    private const int MaxLevels = 8;

    /// <summary>Writes the tree; an oblivious one as one split per level.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Levels);
        int[] nodes = SavedNodes();
        writer.WriteArray<int>([.. nodes.Select(node => Features[node])]);
        writer.WriteArray<float>([.. nodes.Select(node => Thresholds[node])]);
        writer.WriteArray<byte>([.. nodes.Select(node => MissingRight[node] ? (byte)1 : (byte)0)]);
        if (Levels == 0)
        {
            writer.WriteArray<int>(Left);
            writer.WriteArray<int>(Right);
        }

        writer.WriteArray<float>(Leaves);
        writer.WriteArray<float>(Covers);
    }

    public static RegressionTree Load(BinaryReader reader)
    {
        int levels = reader.ReadInt32();
        int[] features = reader.ReadArray<int>();
        float[] thresholds = reader.ReadArray<float>();
        bool[] missingRight = [.. reader.ReadArray<byte>().Select(value => value != 0)];
        int[] left = levels == 0 ? reader.ReadArray<int>() : [];
        int[] right = levels == 0 ? reader.ReadArray<int>() : [];
        float[] leaves = reader.ReadArray<float>();
        float[] covers = reader.ReadArray<float>();
        return Create(levels, features, thresholds, missingRight, left, right, leaves, covers);
    }

    /// <summary>A tree from its parts, as files hold them.</summary>
    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static RegressionTree Create(
        int levels,
        int[] features,
        float[] thresholds,
        bool[] missingRight,
        int[] left,
        int[] right,
        float[] leaves,
        float[] covers)
    {
        bool fits = thresholds.Length == features.Length
            && missingRight.Length == features.Length
            && covers.Length == leaves.Length
            && features.Length > 0
            && levels is >= 0 and <= MaxLevels;
        fits = fits && (levels == 0
            ? left.Length == features.Length && right.Length == features.Length && leaves.Length == left.Length + 1
            : levels == features.Length && leaves.Length == 1 << levels);
        if (!fits)
        {
            throw new InvalidDataException("A tree is damaged: the lengths of its parts do not fit together.");
        }

        return levels > 0
            ? FromLevels(features, thresholds, missingRight, leaves, covers)
            : new RegressionTree
            {
                Features = features,
                Thresholds = thresholds,
                MissingRight = missingRight,
                Left = left,
                Right = right,
                Leaves = leaves,
                Covers = covers,
            };
    }

    /// <summary>Checks that every walk through the tree ends in a leaf, and that its numbers are numbers.</summary>
    /// <exception cref="InvalidDataException">It is not so.</exception>
    public void Validate(int tree, int features)
    {
        bool[] nodes = new bool[Nodes];
        bool[] leaves = new bool[Leaves.Length];
        nodes[0] = true;
        bool valid = Leaves.Length <= MaxLeaves
            && Features.All(feature => feature >= 0 && feature < features)
            && Thresholds.All(float.IsFinite)
            && Leaves.All(float.IsFinite)
            && Covers.All(cover => float.IsFinite(cover) && cover >= 0);
        for (int node = 0; valid && node < Nodes; node++)
        {
            valid = Reach(node, Left[node], nodes, leaves) && Reach(node, Right[node], nodes, leaves);
        }

        if (!valid || !nodes.All(seen => seen) || !leaves.All(seen => seen))
        {
            throw new InvalidDataException(
                $"Tree {tree} is damaged: a feature, a child or a number is out of its range.");
        }
    }

    /// <summary>The nodes that files hold: of an oblivious tree, the first of each level.</summary>
    public int[] SavedNodes() => Levels == 0
        ? [.. Enumerable.Range(0, Nodes)]
        : [.. Enumerable.Range(0, Levels).Select(level => (1 << level) - 1)];

    private static bool Reach(int node, int child, bool[] nodes, bool[] leaves)
    {
        bool[] kind = child >= 0 ? nodes : leaves;
        int place = child >= 0 ? child : ~child;
        if ((child >= 0 && child <= node) || place >= kind.Length || kind[place])
        {
            return false;
        }

        kind[place] = true;
        return true;
    }
}
