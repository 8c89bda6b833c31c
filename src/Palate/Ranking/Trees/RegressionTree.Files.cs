namespace Palate;

internal sealed partial class RegressionTree
{
    /// <summary>The most leaves of a tree: leaf numbers are bytes when candidates are scored.</summary>
    public const int MaxLeaves = 256;

    private const int MaxLevels = 8;

    /// <summary>Writes the tree as one split per level.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Levels);
        int[] nodes = [.. Enumerable.Range(0, Levels).Select(level => (1 << level) - 1)];
        writer.WriteArray<int>([.. nodes.Select(node => Features[node])]);
        writer.WriteArray<float>([.. nodes.Select(node => Thresholds[node])]);
        writer.WriteArray<byte>([.. nodes.Select(node => MissingRight[node] ? (byte)1 : (byte)0)]);
        writer.WriteArray<float>(Leaves);
        writer.WriteArray<float>(Covers);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The parts do not fit together, or the tree grew leaf by leaf.</exception>
    public static RegressionTree Load(BinaryReader reader)
    {
        int levels = reader.ReadInt32();
        if (levels == 0)
        {
            throw new InvalidDataException(
                "The ranker's trees grew leaf by leaf, which is no longer read; run 'palate train' again.");
        }

        int[] features = reader.ReadArray<int>();
        float[] thresholds = reader.ReadArray<float>();
        bool[] missingRight = [.. reader.ReadArray<byte>().Select(value => value != 0)];
        float[] leaves = reader.ReadArray<float>();
        float[] covers = reader.ReadArray<float>();
        return levels is > 0 and <= MaxLevels && levels == features.Length && thresholds.Length == levels
            && missingRight.Length == levels && leaves.Length == 1 << levels && covers.Length == leaves.Length
            ? FromLevels(features, thresholds, missingRight, leaves, covers)
            : throw new InvalidDataException("A tree is damaged: the lengths of its parts do not fit together.");
    }

    /// <summary>Checks that its numbers are numbers, and its features those of the model.</summary>
    /// <exception cref="InvalidDataException">It is not so.</exception>
    public void Validate(int tree, int features)
    {
        bool isValid = Features.All(feature => feature >= 0 && feature < features)
            && Thresholds.All(float.IsFinite)
            && Leaves.All(float.IsFinite)
            && Covers.All(cover => float.IsFinite(cover) && cover >= 0);
        if (!isValid)
        {
            throw new InvalidDataException($"Tree {tree} is damaged: a feature or a number is out of its range.");
        }
    }
}
