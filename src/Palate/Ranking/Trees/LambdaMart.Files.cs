namespace Palate;

public sealed partial class LambdaMart
{
    internal const string FileTag = "lambdamart/1";

    /// <summary>Writes the model.</summary>
    public void Save(BinaryWriter writer) => RankerFile.WriteFrame(writer, FileTag, body =>
    {
        body.Write(_features.Length);
        foreach (string feature in _features)
        {
            body.Write(feature);
        }

        body.WriteArray<double>(_gains);
        body.WriteArray<int>(_splits);
        body.Write(_parameters.Count);
        foreach ((string name, string value) in _parameters)
        {
            body.Write(name);
            body.Write(value);
        }

        body.Write(ValidationNdcg);
        body.Write(_ensemble.Bias);
        body.Write(_ensemble.Trees.Length);
        foreach (RegressionTree tree in _ensemble.Trees)
        {
            tree.Save(body);
        }
    });

    /// <summary>Reads a model that <see cref="Save"/> wrote; it gives the same scores, bit by bit.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static LambdaMart Load(BinaryReader reader) => RankerFile.ReadFrame(reader, FileTag, body =>
    {
        string[] features = RankerFile.ReadNames(body);
        double[] gains = body.ReadArray<double>();
        int[] splits = body.ReadArray<int>();
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int left = body.ReadInt32(); left > 0; left--)
        {
            string name = body.ReadString();
            parameters[name] = body.ReadString();
        }

        double ndcg = body.ReadDouble();
        float bias = body.ReadSingle();
        int count = body.ReadInt32();
        var trees = new List<RegressionTree>();
        for (int tree = 0; tree < count; tree++)
        {
            trees.Add(RegressionTree.Load(body));
        }

        return Create(features, bias, [.. trees], gains, splits, parameters, ndcg);
    });

    private static LambdaMart Create(
        string[] features,
        float bias,
        RegressionTree[] trees,
        double[] gains,
        int[] splits,
        SortedDictionary<string, string> parameters,
        double ndcg)
    {
        if (features.Length == 0 || gains.Length != features.Length || splits.Length != features.Length)
        {
            throw new InvalidDataException(
                $"The model names {features.Length} features and gives the importance of {gains.Length}.");
        }

        if (!float.IsFinite(bias))
        {
            throw new InvalidDataException($"The model's bias is {bias}; it must be finite.");
        }

        for (int tree = 0; tree < trees.Length; tree++)
        {
            trees[tree].Validate(tree, features.Length);
        }

        return new LambdaMart(features, bias, trees, gains, splits, parameters, ndcg);
    }
}
