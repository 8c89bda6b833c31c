namespace Palate.Llm.Tests;

public sealed class LaplaceFitTests
{
    [Fact]
    public void Derivatives_of_every_term_are_those_of_its_value()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            foreach (LikelihoodTerm term in Terms(random))
            {
                int n = 13;
                var model = new JudgeModel(.4, .3 + random.NextDouble());
                double[] x = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - .5)];
                int stride = LaplaceScratch.Stride(n);
                double[] gradient = new double[n];
                double[] curvature = new double[n * stride];
                term.Value(x, model);
                term.Derive(x, model);
                term.AddTo(gradient, curvature, stride, EliminationOrder.Natural(n).Places);
                const double Step = 1e-4;
                for (int row = 0; row < n; row++)
                {
                    double slope = (At(row, Step) - At(row, -Step)) / (2 * Step);
                    Assert.Equal(slope, gradient[row], 1e-5);
                    for (int column = row; column < n; column++)
                    {
                        double bend = (At(row, Step, column, Step) - At(row, Step, column, -Step)
                            - At(row, -Step, column, Step) + At(row, -Step, column, -Step)) / (4 * Step * Step);
                        Assert.Equal(-bend, curvature[(row * stride) + column], 1e-4);
                    }
                }

                double At(int a, double byA, int b = 0, double byB = 0)
                {
                    double[] moved = [.. x];
                    moved[a] += byA;
                    moved[b] += byB;
                    return term.Value(moved, model);
                }
            }
        }
    }

    [Fact]
    public void Terms_of_different_candidates_fit_as_a_dense_factor_does()
    {
        const int N = 13;
        int stride = LaplaceScratch.Stride(N);
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            double[] scores = [.. Enumerable.Range(0, N - 1).Select(_ => (2 * random.NextDouble()) - 1)];
            LikelihoodTerm[] terms = Terms(random);
            var alone = new Likelihood(terms, N - 1);
            var together = new Likelihood([.. terms, new Silent()], N - 1);
            Assert.True(alone.IsSeparate);
            Assert.False(together.IsSeparate);
            var model = new JudgeModel(.1 + (.8 * random.NextDouble()), .15 + (2 * random.NextDouble()));
            using var scratch = new LaplaceScratch(N);
            LaplaceFit blocks = LaplaceFit.Of(alone, model, scores, [], scratch);
            LaplaceFit dense = LaplaceFit.Of(together, model, scores, [], scratch);

            Assert.Equal(dense.LogEvidence, blocks.LogEvidence, 1e-9);
            AssertNear(dense.Mode, blocks.Mode, 1e-9);
            AssertNear(dense.Variances(), blocks.Variances(), 1e-6);
            AssertNear(Covariance(dense), Covariance(blocks), 1e-5);
        }

        // The roots of the same matrix may differ; their squares may not.
        double[] Covariance(LaplaceFit fit)
        {
            double[] root = new double[N * stride];
            for (int at = 0; at < N; at++)
            {
                root[(at * stride) + at] = 1;
            }

            fit.Colour(root, stride);
            return
            [
                .. from a in Enumerable.Range(0, N)
                from b in Enumerable.Range(0, N)
                select Enumerable.Range(0, N).Sum(at => root[(a * stride) + at] * root[(b * stride) + at]),
            ];
        }
    }

    [Fact]
    public void Passing_over_empty_parts_changes_nothing()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int unknowns = random.Next(3, 60);
            double[] scores = [.. Enumerable.Range(0, unknowns).Select(_ => (2 * random.NextDouble()) - 1)];
            List<LikelihoodTerm> terms = [];
            for (int term = 0; term < 4; term++)
            {
                int[] items = [.. Enumerable.Range(0, unknowns)];
                random.Shuffle(items);
                int count = random.Next(2, Math.Max(3, unknowns / 2));
                double[] places = [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
                terms.Add(new RankTerm(items[..count], places, random.Next(1, count + 1)));
            }

            // So that there is something shared; and where all are shared, nothing is empty.
            LikelihoodTerm one = new Silent();
            LikelihoodTerm all = new Silent([.. Enumerable.Range(0, unknowns)]);
            var some = new Likelihood([.. terms, one, one], unknowns);
            var full = new Likelihood([.. terms, all, all], unknowns);
            Assert.Equal(0, full.Order!.Shared);
            Assert.Equal(Enumerable.Range(0, unknowns + 1), some.Order!.Places.Order());
            var model = new JudgeModel(.1 + (.8 * random.NextDouble()), .15 + (2 * random.NextDouble()));
            using var scratch = new LaplaceScratch(unknowns + 1);
            LaplaceFit fitted = LaplaceFit.Of(some, model, scores, [], scratch);
            LaplaceFit expected = LaplaceFit.Of(full, model, scores, [], scratch);

            Assert.Equal(expected.LogEvidence, fitted.LogEvidence, 1e-9);
            AssertNear(expected.Mode, fitted.Mode, 1e-9);
            AssertNear(expected.Variances(), fitted.Variances(), 1e-6);
        }
    }

    // Of twelve candidates, no two about the same one; candidate 0 is left out.
    private static LikelihoodTerm[] Terms(Random random)
    {
        int[] items = [.. Enumerable.Range(1, 11)];
        random.Shuffle(items);
        return
        [
            new RankTerm(items[..5], Places(5), random.Next(1, 6)),
            new ChoiceTerm(items[5..9], Places(4), random.Next(1, 4)),
            new GradeTerm(items[9..], [0, 1, 0], [.2, .9, .4], .5),
        ];

        double[] Places(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int at = 0; at < expected.Length; at++)
        {
            Assert.Equal(expected[at], actual[at], tolerance);
        }
    }

    // Is about candidates that another term is about, and says nothing.
    private sealed class Silent(params int[] items) : LikelihoodTerm(items.Length > 0 ? items : [1])
    {
        public override bool IsQuadratic => true;

        public override double Value(ReadOnlySpan<double> x, in JudgeModel model) => 0;

        public override void Derive(ReadOnlySpan<double> x, in JudgeModel model)
        {
        }
    }
}
