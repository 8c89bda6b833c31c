namespace Palate.Tests;

public sealed class SplitTests
{
    // User 0: items 0..4 at times 10, 30, 30, 20, 5. User 1: item 2 at 40. User 2: items 1 and 4 at 7 and 50.
    private static readonly InteractionMatrix All = InteractionMatrix.Build(
        4,
        6,
        [0, 0, 0, 0, 0, 1, 2, 2],
        [0, 1, 2, 3, 4, 2, 1, 4],
        [1, 2, 3, 4, 5, 1, 1, 1],
        [10, 30, 30, 20, 5, 40, 7, 50]);

    [Fact]
    public void Leave_last_out_takes_the_latest_and_of_ties_the_greater_item()
    {
        var split = Split.LeaveLastOut(All);

        Assert.Equal([2], split.HeldOut.Row(0).ToArray());
        Assert.Equal([0, 1, 3, 4], split.Train.Row(0).ToArray());
        Assert.Equal([4], split.HeldOut.Row(2).ToArray());
        Assert.Equal(0, split.HeldOut.RowCount(1));
        Assert.Equal(2, split.UsersWithHeldOut);
        Assert.Equal(0, split.UsersWithoutHistory);
        Assert.Equal(3f, split.HeldOut.RowValues(0)[0]);
        Assert.Equal(30, split.HeldOut.RowTimes(0)[0]);
    }

    [Fact]
    public void Temporal_cuts_everybody_at_one_moment_and_reports_who_is_new()
    {
        var split = Split.Temporal(All, 30);

        Assert.Equal([1, 2], split.HeldOut.Row(0).ToArray());
        Assert.Equal([2], split.HeldOut.Row(1).ToArray());
        Assert.Equal([4], split.HeldOut.Row(2).ToArray());
        Assert.Equal(1, split.UsersWithoutHistory);
        Assert.Equal(2, split.HeldOutOfUnseenItems);
        Assert.Contains("1970-01-01 00:00:30Z", split.Protocol, StringComparison.Ordinal);
    }

    [Fact]
    public void Temporal_share_holds_out_at_least_its_share()
    {
        Assert.Equal(2, Split.TemporalShare(All, 0.25).HeldOut.Count);

        // The sixth of eight times is 30, which two interactions share.
        Assert.Equal(4, Split.TemporalShare(All, 0.375).HeldOut.Count);
    }

    [Fact]
    public void Given_drops_and_counts_what_is_in_both_parts()
    {
        InteractionMatrix heldOut = InteractionMatrix.Build(4, 6, [0, 0, 3], [1, 5, 2], [1, 1, 1], [0, 0, 0]);

        var split = Split.Given(All, heldOut);

        Assert.Equal(1, split.Overlap);
        Assert.Equal([5], split.HeldOut.Row(0).ToArray());
        Assert.Equal(1, split.UsersWithoutHistory);
    }

    [Fact]
    public void Random_splits_divide_every_cell_once_and_repeat_with_their_seed()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            InteractionMatrix all = Planted(seed);
            foreach (Split split in new[] { Split.RandomShare(all, 0.3, seed), Split.LeaveRandomOut(all, seed) })
            {
                Assert.Equal(all.Count, split.Train.Count + split.HeldOut.Count);
                for (int user = 0; user < all.Rows; user++)
                {
                    int[] both = [.. split.Train.Row(user), .. split.HeldOut.Row(user)];
                    Assert.Equal(all.Row(user).ToArray(), both.Order());
                    Assert.True(split.Train.RowCount(user) > 0 || all.RowCount(user) == 0);
                    Assert.True(split.HeldOut.RowCount(user) > 0 || all.RowCount(user) < 2);
                }
            }

            Assert.Equal(Split.RandomShare(all, 0.3, seed).ComputeHash(), Split.RandomShare(all, 0.3, seed).ComputeHash());
            Assert.NotEqual(
                Split.RandomShare(all, 0.3, seed).ComputeHash(), Split.RandomShare(all, 0.3, seed + 1).ComputeHash());
        }
    }

    [Fact]
    public void A_users_draw_does_not_depend_on_the_other_users()
    {
        InteractionMatrix all = Planted(3);
        InteractionMatrix fewer = all.Without(cell => cell < all.Offsets[5]);

        Assert.Equal(
            Split.RandomShare(all, 0.3, 1).HeldOut.Row(7).ToArray(),
            Split.RandomShare(fewer, 0.3, 1).HeldOut.Row(7).ToArray());
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        InteractionMatrix timeless = InteractionMatrix.Build(1, 2, [0, 0], [0, 1], [1, 1], [0, 0]);

        Assert.Throws<ArgumentException>(() => Split.LeaveLastOut(timeless));
        Assert.Throws<ArgumentException>(() => Split.TemporalShare(timeless, 0.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.RandomShare(All, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Given(All, timeless));
    }

    private static InteractionMatrix Planted(ulong seed)
    {
        var random = new SeededRandom(seed);
        int[] users = new int[300];
        int[] items = new int[300];
        for (int cell = 0; cell < users.Length; cell++)
        {
            users[cell] = random.Next(30);
            items[cell] = random.Next(40);
        }

        return InteractionMatrix.Build(31, 40, users, items, new float[300], new long[300]);
    }

    [Theory]
    [InlineData(HoldOutKind.Latest)]
    [InlineData(HoldOutKind.Random)]
    public void Some_users_lose_a_share_and_all_others_keep_everything(HoldOutKind kind)
    {
        InteractionMatrix all = SmallWorld.Data().Matrix;

        var split = Split.SomeUsers(all, 10, 1 / 3.0, kind, seed: 3);
        int[] chosen = [.. Enumerable.Range(0, all.Rows).Where(user => split.HeldOut.RowCount(user) > 0)];

        Assert.Equal(10, chosen.Length);
        Assert.Equal(all.Count, split.Train.Count + split.HeldOut.Count);
        Assert.All(chosen, user => Assert.Equal(
            Math.Max(1, (int)(all.RowCount(user) / 3.0)), split.HeldOut.RowCount(user)));
        Assert.All(Enumerable.Range(0, all.Rows), user => Assert.True(split.Train.RowCount(user) > 0));
        if (kind == HoldOutKind.Latest)
        {
            Assert.All(chosen, user => Assert.True(
                split.HeldOut.RowTimes(user).ToArray().Min() >= split.Train.RowTimes(user).ToArray().Max()));
        }

        Assert.Equal(split.ComputeHash(), Split.SomeUsers(all, 10, 1 / 3.0, kind, seed: 3).ComputeHash());
        Assert.NotEqual(split.ComputeHash(), Split.SomeUsers(all, 10, 1 / 3.0, kind, seed: 4).ComputeHash());
    }
}
