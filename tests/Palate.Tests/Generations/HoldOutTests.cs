namespace Palate.Tests;

public class HoldOutTests
{
    [Theory]
    [InlineData(HoldOutKind.Random)]
    [InlineData(HoldOutKind.Latest)]
    public void What_is_taken_and_what_is_left_make_up_the_matrix(HoldOutKind kind)
    {
        InteractionMatrix matrix = SmallWorld.Data().Matrix;

        (InteractionMatrix rest, int[][] taken) = HoldOut.Take(matrix, 4, kind, seed: 5);

        for (int user = 0; user < matrix.Rows; user++)
        {
            Assert.Equal(matrix.Row(user).ToArray(), rest.Row(user).ToArray().Concat(taken[user]).Order());
            Assert.True(taken[user].Length <= Math.Min(4, matrix.RowCount(user) / 3));
            Assert.Equal(taken[user].Order(), taken[user]);
        }

        Assert.Contains(taken, own => own.Length == 4);
    }

    [Fact]
    public void The_latest_are_later_than_all_that_is_left()
    {
        InteractionMatrix matrix = SmallWorld.Data().Matrix;

        (InteractionMatrix rest, int[][] taken) = HoldOut.Take(matrix, 2, HoldOutKind.Latest, seed: 5);

        for (int user = 0; user < matrix.Rows; user++)
        {
            long lastLeft = rest.RowTimes(user).ToArray().DefaultIfEmpty(0).Max();
            foreach (int item in taken[user])
            {
                Assert.True(matrix.RowTimes(user)[matrix.Row(user).IndexOf(item)] >= lastLeft);
            }
        }
    }

    [Fact]
    public void Users_with_too_short_a_history_keep_all_of_it()
    {
        var matrix = InteractionMatrix.Build(2, 9, [0, 0, 1, 1, 1], [1, 2, 3, 4, 5], new float[5], new long[5]);

        (InteractionMatrix rest, int[][] taken) = HoldOut.Take(matrix, 10, HoldOutKind.Random, seed: 1);

        Assert.Equal(2, rest.RowCount(0));
        Assert.Empty(taken[0]);
        Assert.Single(taken[1]);
    }

    [Theory]
    [InlineData(0.2f, 2)]
    [InlineData(1 / 3f, 3)]
    [InlineData(0.5f, 5)]
    public void No_more_than_the_share_of_a_history_is_taken(float share, int expected)
    {
        var matrix = InteractionMatrix.Build(
            1, 10, new int[10], [.. Enumerable.Range(0, 10)], new float[10], new long[10]);

        (_, int[][] taken) = HoldOut.Take(matrix, 1000, HoldOutKind.Random, seed: 1, share);

        Assert.Equal(expected, taken[0].Length);
    }

    [Fact]
    public void A_third_of_a_history_is_a_third_of_its_count()
    {
        for (int count = 3; count < 100_000; count++)
        {
            Assert.Equal(count / 3, (int)(count * (1 / 3f)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.6f)]
    [InlineData(float.NaN)]
    public void A_share_outside_its_limits_is_refused(float share) =>
        Assert.Throws<ArgumentException>(() => new RankingOptions { LabelShare = share }.Validate());
}
