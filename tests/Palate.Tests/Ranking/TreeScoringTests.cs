using System.Text;

namespace Palate;

public sealed class TreeScoringTests
{
    public static TheoryData<TreeGrowth, int, int> Shapes() => new()
    {
        { TreeGrowth.Oblivious, 1, 2 },
        { TreeGrowth.Oblivious, 4, 16 },
        { TreeGrowth.Oblivious, 5, 32 },
        { TreeGrowth.Oblivious, 6, 64 },
        { TreeGrowth.Oblivious, 8, 256 },
        { TreeGrowth.LeafWise, 6, 16 },
        { TreeGrowth.LeafWise, 8, 31 },
        { TreeGrowth.LeafWise, 12, 64 },
        { TreeGrowth.LeafWise, 30, 256 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_gives_the_bits_of_the_scalar_twin(TreeGrowth growth, int depth, int leaves)
    {
        LambdaMart model = Model(growth, depth, leaves);
        Assert.Equal(leaves, model.Ensemble.Trees.Max(tree => tree.Leaves.Length));
        var random = new SeededRandom(31);
        foreach (int candidates in new[] { 1, 31, 32, 33, 63, 64, 65, 127, 128, 300 })
        {
            FeatureMatrix request = Request(model.FeatureNames.Count, candidates, random);
            float[] expected = new float[candidates];
            model.Ensemble.Score(request, expected, TreeKernel.Scalar);
            foreach (TreeKernel kernel in Enum.GetValues<TreeKernel>().Where(ByteTrees.IsSupported))
            {
                float[] scores = new float[candidates];
                model.Ensemble.Score(request, scores, kernel);
                Assert.Equal(expected, scores);
            }
        }

        Assert.Contains(Enum.GetValues<TreeKernel>(), kernel => ByteTrees.IsSupported(kernel));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Json_gives_the_same_model(TreeGrowth growth, int depth, int leaves)
    {
        LambdaMart model = Model(growth, depth, leaves);
        using var json = new MemoryStream();
        model.SaveJson(json);
        json.Position = 0;

        LambdaMart loaded = LambdaMart.LoadJson(json);

        Assert.Equal(Saved(model), Saved(loaded));
        Assert.Contains("\"f1\"", Encoding.UTF8.GetString(json.ToArray()), StringComparison.Ordinal);
        Assert.Equal(growth.ToString(), loaded.Parameters["growth"]);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"format\":\"palate.lambdamart\"", "\"format\":\"other\"")]
    [InlineData("\"missing\":\"left\"", "\"missing\":\"up\"")]
    [InlineData("\"left\":-1,", "\"left\":0,")]
    [InlineData("\"left\":-1,", "")]
    [InlineData("\"left\":-1,", "\"left\":-2,")]
    [InlineData("\"left\":-1,", "\"left\":-200,")]
    [InlineData("\"feature\":\"f1\"", "\"feature\":\"f99\"")]
    [InlineData("\"name\":\"f1\"", "\"name\":\"f2\"")]
    [InlineData("\"covers\":[", "\"covers\":[1,")]
    [InlineData("\"leaves\":[", "\"leaves\":[1e39,")]
    [InlineData("{", "[")]
    [InlineData("\"trees\":[", "\"shrubs\":[")]
    public void Json_that_does_not_fit_is_invalid_data(string good, string bad)
    {
        using var json = new MemoryStream();
        Model(TreeGrowth.LeafWise, 6, 16).SaveJson(json);
        string text = Encoding.UTF8.GetString(json.ToArray());
        int place = text.IndexOf(good, StringComparison.Ordinal);
        Assert.True(place >= 0, good);
        string damaged = text[..place] + bad + text[(place + good.Length)..];

        Assert.Throws<InvalidDataException>(() =>
            LambdaMart.LoadJson(new MemoryStream(Encoding.UTF8.GetBytes(damaged))));
    }

    [Theory]
    [InlineData(TreeGrowth.LeafWise)]
    [InlineData(TreeGrowth.Oblivious)]
    public void Contributions_are_the_shapley_values_of_the_path_dependent_game(TreeGrowth growth)
    {
        LambdaMart model = Model(growth, 5, 20);
        FeatureMatrix request = Request(model.FeatureNames.Count, 6, new SeededRandom(32));
        float[] contributions = new float[model.FeatureNames.Count];
        for (int candidate = 0; candidate < request.Candidates; candidate++)
        {
            float bias = model.Explain(request, candidate, contributions);
            double[] expected = Shapley(model, request, candidate, out double empty);

            Assert.Equal(empty, bias, 1e-4);
            for (int feature = 0; feature < expected.Length; feature++)
            {
                Assert.Equal(expected[feature], contributions[feature], 1e-5);
            }
        }
    }

    // By definition: the mean over all orders of the features of what learning each of them changes.
    private static double[] Shapley(LambdaMart model, FeatureMatrix request, int candidate, out double empty)
    {
        int count = request.Features;
        double[] values = new double[1 << count];
        for (int set = 0; set < values.Length; set++)
        {
            values[set] = model.Ensemble.Bias
                + model.Ensemble.Trees.Sum(tree => Value(tree, 0, set, request, candidate));
        }

        double[] factorials = new double[count + 1];
        factorials[0] = 1;
        for (int n = 1; n <= count; n++)
        {
            factorials[n] = n * factorials[n - 1];
        }

        double[] result = new double[count];
        for (int feature = 0; feature < count; feature++)
        {
            for (int set = 0; set < values.Length; set++)
            {
                if ((set >> feature & 1) == 0)
                {
                    int size = int.PopCount(set);
                    result[feature] += factorials[size] * factorials[count - size - 1] / factorials[count]
                        * (values[set | 1 << feature] - values[set]);
                }
            }
        }

        empty = values[0];
        return result;
    }

    private static double Value(RegressionTree tree, int node, int known, FeatureMatrix request, int candidate)
    {
        if (node < 0)
        {
            return tree.Leaves[~node];
        }

        int feature = tree.Features[node];
        if ((known >> feature & 1) == 1)
        {
            bool right = tree.GoesRight(node, request[feature][candidate]);
            return Value(tree, right ? tree.Right[node] : tree.Left[node], known, request, candidate);
        }

        double left = Cover(tree, tree.Left[node]);
        double all = left + Cover(tree, tree.Right[node]);
        double share = all > 0 ? left / all : 0.5;
        return share * Value(tree, tree.Left[node], known, request, candidate)
            + (1 - share) * Value(tree, tree.Right[node], known, request, candidate);
    }

    private static double Cover(RegressionTree tree, int node) => node < 0
        ? tree.Covers[~node]
        : Cover(tree, tree.Left[node]) + Cover(tree, tree.Right[node]);

    private static LambdaMart Model(TreeGrowth growth, int depth, int leaves)
    {
        RankingDataset data = RankingWorld.Make(
            200, 20, 6, 30, (row, random) => random.NextDouble() < row[0] * row[1] + 0.2 * row[2] ? 1 : 0, 0.1);
        return LambdaMart.Fit(data, new LambdaMartOptions
        {
            Objective = RankingObjective.Logistic,
            Trees = 12,
            Threads = 2,
            Tree = new TreeOptions { Growth = growth, MaxDepth = depth, MaxLeaves = leaves, MinChildSamples = 1 },
        });
    }

    private static FeatureMatrix Request(int features, int candidates, SeededRandom random)
    {
        var request = new FeatureMatrix(features, candidates);
        for (int feature = 0; feature < features; feature++)
        {
            foreach (ref float value in request[feature])
            {
                value = random.Next(8) == 0 ? float.NaN : (float)random.NextDouble();
            }
        }

        return request;
    }

    private static byte[] Saved(LambdaMart model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        model.Save(writer);
        return stream.ToArray();
    }
}
