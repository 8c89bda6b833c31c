namespace Palate;

public sealed class TreeScoringTests
{
    public static TheoryData<int, int> Shapes() => new()
    {
        { 1, 2 },
        { 4, 16 },
        { 5, 32 },
        { 6, 64 },
        { 8, 256 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_gives_the_bits_of_the_scalar_twin(int depth, int leaves)
    {
        LambdaMart model = Model(depth);
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

    [Fact]
    public void A_tree_that_grew_leaf_by_leaf_is_refused_with_the_way_out()
    {
        // Such files begin with no levels.
        using var reader = new BinaryReader(new MemoryStream(new byte[64]));

        InvalidDataException old = Assert.Throws<InvalidDataException>(() => RegressionTree.Load(reader));

        Assert.Contains("'palate train'", old.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Contributions_are_the_shapley_values_of_the_path_dependent_game()
    {
        LambdaMart model = Model(5);
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

    private static LambdaMart Model(int depth)
    {
        RankingDataset data = RankingWorld.Make(
            200, 20, 6, 30, (row, random) => random.NextDouble() < row[0] * row[1] + 0.2 * row[2] ? 1 : 0, 0.1);
        return LambdaMart.Fit(data, new LambdaMartOptions
        {
            Objective = RankingObjective.Logistic,
            Trees = 12,
            Threads = 2,
            Tree = new TreeOptions { MaxDepth = depth, MinChildSamples = 1 },
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
}
