namespace Palate.Tests;

public sealed class ParityTests
{
    [Fact]
    public void It_is_the_best_of_all_orders_that_keep_each_group_in_order_and_are_as_even()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var random = new SeededRandom(seed);
            int[] groups = [.. Enumerable.Range(0, 8).Select(_ => random.Next(2))];
            float[] relevance = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble()).OrderDescending()];
            var list = new ShapingList([.. relevance]) { Groups = groups };
            float weight = (float)random.NextDouble();
            double allowed = (1 - weight) * Math.Abs(Parity.Gap(groups, [.. Enumerable.Range(0, 8)])) + 1e-9;

            int[] order = new Parity(4).Shape(list, 8, weight);

            double best = double.NegativeInfinity;
            double least = double.PositiveInfinity;
            double bestOfLeast = 0;
            foreach (int[] other in Merges(groups))
            {
                double gap = Math.Abs(Parity.Gap(groups, other));
                bestOfLeast = gap < least - 1e-9 ? Dcg(relevance, other)
                    : gap < least + 1e-9 ? Math.Max(bestOfLeast, Dcg(relevance, other)) : bestOfLeast;
                least = Math.Min(least, gap);
                best = gap <= allowed ? Math.Max(best, Dcg(relevance, other)) : best;
            }

            double own = Math.Abs(Parity.Gap(groups, order));
            if (double.IsNegativeInfinity(best))
            {
                Assert.Equal(least, own, 6);
                Assert.Equal(bestOfLeast, Dcg(relevance, order), 5);
            }
            else
            {
                Assert.True(own <= allowed + 1e-9);
                Assert.Equal(best, Dcg(relevance, order), 5);
            }
        }
    }

    [Fact]
    public void Candidates_of_neither_group_stay_and_a_single_group_changes_nothing()
    {
        ShapingList mixed = new([1, 0.9f, 0.8f, 0.7f, 0.6f]) { Groups = [-1, 0, 0, 1, 1] };
        ShapingList alone = new([1, 0.9f, 0.8f]) { Groups = [1, 1, -1] };

        int[] order = new Parity().Shape(mixed, 5, 1);

        Assert.Equal(0, order[0]);
        Assert.Equal(0, Parity.Gap([-1, 0, 0, 1, 1], order), 6);
        Assert.Equal([0, 1, 2], new Parity().Shape(alone, 3, 1));
        Assert.Equal([0, 1, 2, 3, 4], new Parity().Shape(mixed, 5, 0));
        Assert.Contains("differ by 0.00", new Parity().Explain(mixed, order, 1), StringComparison.Ordinal);
        Assert.Contains("no group", new Parity().Explain(mixed, order, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_becomes_even_up_to_rounding()
    {
        var random = new SeededRandom(3);
        int[] groups = [.. Enumerable.Range(0, 100).Select(place => place < 30 || random.Next(4) == 0 ? 1 : 0)];
        ShapingList list = new([.. Enumerable.Range(0, 100).Select(place => 1 - place / 100f)]) { Groups = groups };

        int[] order = new Parity().Shape(list, 100, 1);

        Assert.Equal(Enumerable.Range(0, 100), order.Order());
        Assert.True(Math.Abs(Parity.Gap(groups, order)) < 0.02);
    }

    // All ways to put the two groups together, each in its own order.
    private static IEnumerable<int[]> Merges(int[] groups)
    {
        int[] first = [.. Enumerable.Range(0, groups.Length).Where(place => groups[place] == 0)];
        int[] second = [.. Enumerable.Range(0, groups.Length).Where(place => groups[place] == 1)];
        for (int mask = 0; mask < 1 << groups.Length; mask++)
        {
            if (int.PopCount(mask) == second.Length)
            {
                (int a, int b) = (0, 0);
                int[] order = new int[groups.Length];
                for (int place = 0; place < order.Length; place++)
                {
                    order[place] = (mask >> place & 1) == 1 ? second[b++] : first[a++];
                }

                yield return order;
            }
        }
    }

    private static double Dcg(float[] relevance, int[] order) => order
        .Select((candidate, place) => (place < 4 ? 1 : 0.01) * relevance[candidate] / Math.Log2(place + 2)).Sum();
}
