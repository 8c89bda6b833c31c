namespace Palate.Tests;

/// <summary>What every shaper keeps, whatever it aims at.</summary>
public abstract class ShaperContract
{
    private const int Top = 10;

    protected abstract Shaper Create();

    /// <summary>What the shaper is for, measured on the first places; more is better.</summary>
    internal abstract double Aim(ShapingList list, ReadOnlySpan<int> order);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void The_same_candidates_come_back_each_once(int count)
    {
        foreach (float weight in (float[])[0, 0.001f, 0.3f, 0.999f, 1])
        {
            foreach (int top in (int[])[0, 1, 3, 10, 1000])
            {
                for (ulong seed = 1; seed <= 5; seed++)
                {
                    int[] order = Create().Shape(ShapingWorld.List(seed, count), top, weight);

                    Assert.Equal(Enumerable.Range(0, count), order.Order());
                }
            }
        }
    }

    [Fact]
    public void At_weight_0_the_order_is_exactly_the_same()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            // Also where relevance does not fall along the list.
            float[] relevance = [.. ShapingWorld.List(seed).Relevance];
            new SeededRandom(seed).Shuffle<float>(relevance);
            ShapingList list = ShapingWorld.List(seed);
            var shuffled = new ShapingList(relevance)
            {
                Topics = list.Topics,
                Similarity = list.Similarity,
                Taste = list.Taste,
                Groups = list.Groups,
                Novelty = list.Novelty,
            };

            Assert.Equal(Enumerable.Range(0, 30), Create().Shape(list, Top, 0));
            Assert.Equal(Enumerable.Range(0, 30), Create().Shape(shuffled, Top, 0));
        }
    }

    [Fact]
    public void What_is_left_out_of_the_top_keeps_its_order()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            int[] order = Create().Shape(ShapingWorld.List(seed), Top, 0.7f);

            Assert.Equal(order[Top..].Order(), order[Top..]);
        }
    }

    [Fact]
    public void The_same_list_gives_the_same_order_and_ties_keep_theirs()
    {
        int[] one = [3];
        var topics = ListTopics.Of([.. Enumerable.Repeat(one, 12)]);
        var equal = new ShapingList([.. Enumerable.Repeat(0.5f, 12)])
        {
            Topics = topics,
            Similarity = ListSimilarity.OfTopics(topics),
            Taste = [1],
            Groups = new int[12],
            Novelty = [.. Enumerable.Repeat(2f, 12)],
        };

        Assert.Equal(Enumerable.Range(0, 12), Create().Shape(equal, 5, 0.6f));
        Assert.Equal(
            Create().Shape(ShapingWorld.List(4), Top, 0.6f), Create().Shape(ShapingWorld.List(4), Top, 0.6f));
    }

    [Fact]
    public void Items_without_attributes_keep_their_order()
    {
        foreach (int count in (int[])[1, 2, 50])
        {
            Assert.Equal(
                Enumerable.Range(0, count), Create().Shape(ShapingWorld.WithoutAttributes(count), Top, 0.5f));
        }

        Assert.Equal([0, 1, 2], Create().Shape(new ShapingList([1, 0.5f, 0]), 3, 0.5f));
    }

    [Fact]
    public void A_weight_or_top_out_of_its_limits_is_refused()
    {
        ShapingList list = ShapingWorld.List(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => Create().Shape(list, 3, float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create().Shape(list, 3, 1.01f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create().Shape(list, 3, -0.01f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create().Shape(list, -1, 0.5f));
    }

    [Fact]
    public void More_weight_gives_more_of_the_aim_and_less_relevance_on_average()
    {
        float[] weights = [0, 0.25f, 0.5f, 0.75f, 1];
        double[] aims = new double[weights.Length];
        double[] relevances = new double[weights.Length];
        for (int index = 0; index < weights.Length; index++)
        {
            for (ulong seed = 1; seed <= 60; seed++)
            {
                ShapingList list = ShapingWorld.List(seed);
                int[] order = Create().Shape(list, Top, weights[index]);
                aims[index] += Aim(list, order.AsSpan(0, Top)) / 60;
                foreach (int place in order.AsSpan(0, Top))
                {
                    relevances[index] += list.Relevance[place] / 600;
                }
            }
        }

        for (int index = 1; index < weights.Length; index++)
        {
            Assert.True(
                aims[index] >= aims[index - 1] - 0.02 * Math.Abs(aims[^1] - aims[0]),
                $"the aim falls: {string.Join(", ", aims)}");
            Assert.True(
                relevances[index] <= relevances[index - 1] + 0.005, $"relevance rises: {string.Join(", ", relevances)}");
        }

        Assert.True(aims[^1] > aims[0], $"the aim does not rise: {string.Join(", ", aims)}");
    }

    [Fact]
    public void Every_place_can_be_explained()
    {
        foreach (ShapingList list in (ShapingList[])
            [ShapingWorld.List(2), ShapingWorld.WithoutAttributes(30), new ShapingList(new float[30])])
        {
            int[] order = Create().Shape(list, Top, 0.8f);
            for (int rank = 0; rank < Top; rank++)
            {
                string words = Create().Explain(list, order, rank);

                Assert.EndsWith(".", words, StringComparison.Ordinal);
                Assert.DoesNotContain("NaN", words, StringComparison.Ordinal);
                Assert.DoesNotContain("∞", words, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_name_is_one_that_configuration_knows() =>
        Assert.Matches("^[a-z0-9-]+$", Create().Name);
}

public sealed class MmrContract : ShaperContract
{
    protected override Shaper Create() => new Mmr();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Distance(list, order);
}

public sealed class DppContract : ShaperContract
{
    protected override Shaper Create() => new Dpp();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Distance(list, order);
}

public sealed class WindowedDppContract : ShaperContract
{
    protected override Shaper Create() => new Dpp(4);

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Distance(list, order);
}

public sealed class XquadContract : ShaperContract
{
    protected override Shaper Create() => new Xquad();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Variety(list, order);
}

public sealed class EvenXquadContract : ShaperContract
{
    protected override Shaper Create() => new Xquad(usesTaste: false);

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Variety(list, order);
}

public sealed class Pm2Contract : ShaperContract
{
    protected override Shaper Create() => new Pm2();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Variety(list, order);
}

public sealed class CalibrationContract : ShaperContract
{
    protected override Shaper Create() => new Calibration();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Variety(list, order);
}

public sealed class FairTopKContract : ShaperContract
{
    protected override Shaper Create() => new FairTopK();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Fairness(list, order);
}

public sealed class ExposureContract : ShaperContract
{
    protected override Shaper Create() => new Exposure();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Fairness(list, order);
}

public sealed class LinearExposureContract : ShaperContract
{
    protected override Shaper Create() => new Exposure(isLinear: true);

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) =>
        ShapingWorld.Fairness(list, order, isLinear: true);
}

public sealed class CategoryCapContract : ShaperContract
{
    protected override Shaper Create() => new CategoryCap(2);

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order) => ShapingWorld.Variety(list, order);
}

public sealed class NoveltyContract : ShaperContract
{
    protected override Shaper Create() => new Novelty();

    internal override double Aim(ShapingList list, ReadOnlySpan<int> order)
    {
        double sum = 0;
        foreach (int place in order)
        {
            sum += list.Novelty![place];
        }

        return sum;
    }
}
