namespace Palate.Tests;

public sealed class SlimTests : CandidateSourceContract
{
    [Fact]
    public void Weights_satisfy_the_conditions_of_the_optimum()
    {
        InteractionMatrix matrix = RandomMatrix(40);
        const float L1 = 0.4f;
        const float L2 = 3;
        Slim slim = Slim.Fit(matrix, new SlimOptions { L1 = L1, L2 = L2, Tolerance = 1e-6f, MaxPasses = 1000 });
        float[] gram = Gram.Build(matrix, useValues: false, Gram.UserWeights(matrix, 0), 1, CancellationToken.None);
        int n = matrix.Columns;
        for (int target = 0; target < n; target++)
        {
            for (int item = 0; item < n; item++)
            {
                if (item == target)
                {
                    Assert.Equal(0, slim.Weight(item, target));
                    continue;
                }

                // The gradient of the loss is zero at a positive weight, and not negative where the weight is zero.
                float weight = slim.Weight(item, target);
                double gradient = L1 + L2 * weight - gram[item * n + target];
                for (int other = 0; other < n; other++)
                {
                    gradient += gram[item * n + other] * slim.Weight(other, target);
                }

                Assert.True(weight > 0 ? Math.Abs(gradient) < 1e-3 : gradient > -1e-3, $"{item} {target} {gradient}");
            }
        }
    }

    [Fact]
    public void An_item_keeps_its_largest_weights_only()
    {
        InteractionMatrix matrix = RandomMatrix(41);
        Slim all = Slim.Fit(matrix, new SlimOptions { L1 = 0, L2 = 5 });
        Slim few = Slim.Fit(matrix, new SlimOptions { L1 = 0, L2 = 5, Neighbours = 3 });
        for (int target = 0; target < matrix.Columns; target++)
        {
            IEnumerable<float> largest = Weights(all, target).Order().Reverse().Take(3);
            Assert.Equal(largest, Weights(few, target).Order().Reverse().Take(3));
            Assert.True(Weights(few, target).Count(weight => weight > 0) <= 3);
        }

        IEnumerable<float> Weights(Slim slim, int target) =>
            Enumerable.Range(0, matrix.Columns).Select(item => slim.Weight(item, target));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        InteractionMatrix matrix = RandomMatrix(42);
        Slim one = Slim.Fit(matrix, new SlimOptions { L2 = 5, Threads = 1 });
        Slim three = Slim.Fit(matrix, new SlimOptions { L2 = 5, Threads = 3 });
        for (int cell = 0; cell < matrix.Columns * matrix.Columns; cell++)
        {
            Assert.Equal(
                one.Weight(cell / matrix.Columns, cell % matrix.Columns),
                three.Weight(cell / matrix.Columns, cell % matrix.Columns));
        }
    }

    [Fact]
    public void Options_outside_their_limits_are_refused()
    {
        InteractionMatrix matrix = RandomMatrix(1);
        Assert.Throws<ArgumentException>(() => Slim.Fit(matrix, new SlimOptions { L1 = -1 }));
        Assert.Throws<ArgumentException>(() => Slim.Fit(matrix, new SlimOptions { L2 = 0 }));
        Assert.Throws<ArgumentException>(() => Slim.Fit(matrix, new SlimOptions { Neighbours = 0 }));
        Assert.Throws<ArgumentException>(() => Slim.Fit(matrix, new SlimOptions { Tolerance = 0 }));
    }

    protected override ICandidateSource Fit(InteractionMatrix matrix) =>
        Slim.Fit(matrix, new SlimOptions { L1 = 0.1f, L2 = 5 });

    protected override ICandidateSource Load(BinaryReader reader) => Slim.Load(reader);

    protected override void Save(ICandidateSource source, BinaryWriter writer) => ((Slim)source).Save(writer);
}
