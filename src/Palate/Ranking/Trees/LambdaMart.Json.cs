using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palate;

public sealed partial class LambdaMart
{
    private const string JsonFormat = "palate.lambdamart";
    private const int JsonVersion = 1;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Writes the model as JSON.</summary>
    /// <remarks>
    /// <code>
    /// { "format": "palate.lambdamart", "version": 1,
    ///   "parameters": { "objective": "LambdaRank", ... },
    ///   "bias": 0,                                     the score of a candidate is the bias plus one leaf per tree
    ///   "features": [ { "name": "als.score", "gain": 12.5, "splits": 40 }, ... ],
    ///   "trees": [
    ///     { "leaves": [ ... ], "covers": [ ... ],
    ///       "levels": [ { "feature": "als.score", "threshold": 0.5, "missing": "left" }, ... ] },
    ///     { "leaves": [ ... ], "covers": [ ... ],
    ///       "nodes": [ { "feature": "age", "threshold": 3, "missing": "right", "left": 1, "right": -1 }, ... ] } ],
    ///   "validationNdcg": 0.41 }                       left out when there was no validation
    /// </code>
    /// A question sends a candidate right when the feature is more than the threshold, or when it is unknown and
    /// <c>missing</c> is <c>right</c>. With <c>levels</c> the answers from the first level on are the bits of the
    /// leaf's number, highest first. With <c>nodes</c> the walk starts at node 0; a child of at least 0 is a node that
    /// comes later, and a child c below 0 is the leaf <c>-1 - c</c>. Covers are the training rows of each leaf.
    /// </remarks>
    public void SaveJson(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = new ModelJson(
            JsonFormat,
            JsonVersion,
            _parameters,
            _ensemble.Bias,
            [.. _features.Select((name, feature) => new FeatureJson(name, _gains[feature], _splits[feature]))],
            [.. _ensemble.Trees.Select(ToJson)],
            double.IsNaN(ValidationNdcg) ? null : ValidationNdcg);
        JsonSerializer.Serialize(stream, file, JsonOptions);
    }

    /// <summary>Reads a model that <see cref="SaveJson"/> wrote, or that follows its format.</summary>
    /// <exception cref="InvalidDataException">The text is no such model; the message says what does not
    /// fit.</exception>
    public static LambdaMart LoadJson(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelJson file;
        try
        {
            file = JsonSerializer.Deserialize<ModelJson>(stream, JsonOptions)
                ?? throw new InvalidDataException("The model is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model is not in the format '{JsonFormat}': {e.Message}", e);
        }

        if (file.Format != JsonFormat || file.Version != JsonVersion)
        {
            throw new InvalidDataException(
                $"The model has the format '{file.Format}', version {file.Version}; "
                + $"this library reads '{JsonFormat}', version {JsonVersion}.");
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (FeatureJson feature in file.Features)
        {
            if (!numbers.TryAdd(feature.Name, numbers.Count))
            {
                throw new InvalidDataException($"The model names the feature '{feature.Name}' twice.");
            }
        }

        return Create(
            [.. file.Features.Select(feature => feature.Name)],
            file.Bias,
            [.. file.Trees.Select(tree => FromJson(tree, numbers))],
            [.. file.Features.Select(feature => feature.Gain)],
            [.. file.Features.Select(feature => feature.Splits)],
            new SortedDictionary<string, string>(file.Parameters, StringComparer.Ordinal),
            file.ValidationNdcg ?? double.NaN);
    }

    private TreeJson ToJson(RegressionTree tree)
    {
        NodeJson[] nodes = [.. tree.SavedNodes().Select(node => new NodeJson(
            _features[tree.Features[node]],
            tree.Thresholds[node],
            tree.MissingRight[node] ? "right" : "left",
            tree.Levels > 0 ? null : tree.Left[node],
            tree.Levels > 0 ? null : tree.Right[node]))];
        return tree.Levels > 0
            ? new TreeJson(tree.Leaves, tree.Covers, Levels: nodes)
            : new TreeJson(tree.Leaves, tree.Covers, Nodes: nodes);
    }

    private static RegressionTree FromJson(TreeJson tree, Dictionary<string, int> numbers)
    {
        if ((tree.Levels is null) == (tree.Nodes is null))
        {
            throw new InvalidDataException("A tree must have either levels or nodes.");
        }

        NodeJson[] nodes = tree.Levels ?? tree.Nodes!;
        int[] features = new int[nodes.Length];
        for (int node = 0; node < nodes.Length; node++)
        {
            if (!numbers.TryGetValue(nodes[node].Feature, out features[node]))
            {
                throw new InvalidDataException(
                    $"A tree asks for the feature '{nodes[node].Feature}', which the model does not list.");
            }

            if (nodes[node].Missing is not ("left" or "right"))
            {
                throw new InvalidDataException(
                    $"A tree sends unknown values '{nodes[node].Missing}'; it must be 'left' or 'right'.");
            }
        }

        // A node without a child is its own child, which no valid tree has.
        return RegressionTree.Create(
            tree.Levels?.Length ?? 0,
            features,
            [.. nodes.Select(node => node.Threshold)],
            [.. nodes.Select(node => node.Missing == "right")],
            [.. nodes.Select((node, place) => node.Left ?? place)],
            [.. nodes.Select((node, place) => node.Right ?? place)],
            tree.Leaves,
            tree.Covers);
    }

    private sealed record ModelJson(
        string Format,
        int Version,
        SortedDictionary<string, string> Parameters,
        float Bias,
        FeatureJson[] Features,
        TreeJson[] Trees,
        double? ValidationNdcg = null);

    private sealed record FeatureJson(string Name, double Gain, int Splits);

    private sealed record TreeJson(
        float[] Leaves, float[] Covers, NodeJson[]? Levels = null, NodeJson[]? Nodes = null);

    private sealed record NodeJson(
        string Feature, float Threshold, string Missing, int? Left = null, int? Right = null);
}
