namespace Palate.Tests;

public sealed class AlsTests : CandidateSourceContract
{
    [Theory]
    [InlineData(AlsSolver.Cholesky)]
    [InlineData(AlsSolver.ConjugateGradient)]
    public void The_number_of_threads_does_not_change_a_bit(AlsSolver solver)
    {
        InteractionMatrix matrix = RandomMatrix(30);
        Als one = Als.Fit(matrix, new AlsOptions { Factors = 20, Threads = 1, Solver = solver });
        Als three = Als.Fit(matrix, new AlsOptions { Factors = 20, Threads = 3, Solver = solver });
        Assert.True(one.UserFactors.SequenceEqual(three.UserFactors));
        Assert.True(one.ItemFactors.SequenceEqual(three.ItemFactors));
    }

    [Theory]
    [InlineData(AlsRegularization.Constant, false)]
    [InlineData(AlsRegularization.Constant, true)]
    [InlineData(AlsRegularization.FrequencyScaled, true)]
    public void Folding_a_training_row_in_gives_the_stored_user(AlsRegularization kind, bool useValues)
    {
        InteractionMatrix matrix = RandomMatrix(31);
        var options = new AlsOptions
        {
            Factors = 7,
            Regularization = 0.3f,
            RegularizationKind = kind,
            UseValues = useValues,
            UnobservedWeight = 0.4f,
            Solver = AlsSolver.Cholesky,
        };
        Als als = Als.Fit(matrix, options);
        for (int user = 0; user < matrix.Rows; user++)
        {
            float[] folded = als.FoldIn(Profile.OfRow(matrix, user));
            ReadOnlySpan<float> stored = als.UserFactors.Slice(user * als.Width, als.Factors);
            for (int factor = 0; factor < als.Factors; factor++)
            {
                Assert.Equal(stored[factor], folded[factor], 1e-4);
            }
        }
    }

    [Fact]
    public void The_solution_of_a_row_satisfies_the_normal_equations()
    {
        InteractionMatrix matrix = RandomMatrix(32);
        var options = new AlsOptions { Factors = 5, Regularization = 2, Alpha = 3, UseValues = true };
        Als als = Als.Fit(matrix, options);
        Profile profile = Profile.OfRow(matrix, 4);
        float[] x = als.FoldIn(profile);

        // The gradient of the loss by x is zero: sum over all items of w (x'y - p) y + lambda x = 0.
        for (int factor = 0; factor < 5; factor++)
        {
            double gradient = 2 * x[factor];
            for (int item = 0; item < matrix.Columns; item++)
            {
                ReadOnlySpan<float> y = als.ItemFactors.Slice(item * als.Width, 5);
                int place = profile.Items.IndexOf(item);
                double weight = place < 0 ? 1 : 1 + 3 * profile.Values[place];
                double error = place < 0 ? 0 : -1;
                for (int other = 0; other < 5; other++)
                {
                    error += x[other] * y[other];
                }

                gradient += weight * error * y[factor];
            }

            Assert.Equal(0, gradient, 1e-3);
        }
    }

    [Fact]
    public void Enough_conjugate_gradient_steps_equal_the_exact_solution()
    {
        InteractionMatrix matrix = RandomMatrix(33);
        var options = new AlsOptions { Factors = 6, Regularization = 1, ConjugateGradientSteps = 20 };
        Als gradient = Als.Fit(matrix, options);
        options.Solver = AlsSolver.Cholesky;
        Als exact = Als.Fit(matrix, options);
        for (int place = 0; place < exact.UserFactors.Length; place++)
        {
            Assert.Equal(exact.UserFactors[place], gradient.UserFactors[place], 1e-3);
        }
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(257, 1, 1)]
    [InlineData(8, 0, 1)]
    [InlineData(8, float.NaN, 1)]
    [InlineData(8, 1, -1)]
    public void Options_outside_their_limits_are_refused(int factors, float regularization, float alpha)
    {
        var options = new AlsOptions { Factors = factors, Regularization = regularization, Alpha = alpha };
        Assert.Throws<ArgumentException>(() => Als.Fit(RandomMatrix(1), options));
    }

    [Fact]
    public void Changing_the_options_afterwards_does_not_change_the_model()
    {
        InteractionMatrix matrix = RandomMatrix(35);
        var options = new AlsOptions { Factors = 4 };
        Als als = Als.Fit(matrix, options);
        float[] before = als.FoldIn(Stranger([1, 2]));
        options.Regularization = 999;
        Assert.Equal(before, als.FoldIn(Stranger([1, 2])));
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        Als.Fit(matrix, new AlsOptions { Factors = 8, Regularization = 0.5f });

    protected override ICandidateSource Load(BinaryReader reader) => Als.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((Als)source).Save(writer);

    private static float Affinity(Als als, int user, int item)
    {
        float sum = 0;
        for (int factor = 0; factor < als.Factors; factor++)
        {
            sum += als.UserFactors[user * als.Width + factor] * als.ItemFactors[item * als.Width + factor];
        }

        return sum;
    }

    private static InteractionMatrix Checkerboard(int rows, int columns)
    {
        var users = new List<int>();
        var items = new List<int>();
        for (int user = 0; user < rows; user++)
        {
            for (int item = user % 2; item < columns; item += 2)
            {
                users.Add(user);
                items.Add(item);
            }
        }

        float[] ones = [.. users.Select(_ => 1f)];
        return InteractionMatrix.Build(rows, columns, [.. users], [.. items], ones, new long[ones.Length]);
    }
}
