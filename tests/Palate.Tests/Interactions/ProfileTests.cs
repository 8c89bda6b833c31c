namespace Palate.Tests;

public class ProfileTests
{
    [Fact]
    public void Events_in_any_order_become_ascending_items_with_the_latest_value()
    {
        var profile = Profile.OfEvents(-1, [5, 2, 5], [1, 2, 3], [20, 10, 30]);

        Assert.Equal([2, 5], profile.Items.ToArray());
        Assert.Equal([2f, 3f], profile.Values.ToArray());
        Assert.Equal([10L, 30L], profile.Times.ToArray());
        Assert.False(profile.IsTrained);
    }

    [Fact]
    public void The_profile_of_a_row_is_the_row()
    {
        TrainingData data = SmallWorld.Data();

        var profile = Profile.OfRow(data.Matrix, 4);

        Assert.Equal(data.Matrix.Row(4).ToArray(), profile.Items.ToArray());
        Assert.Equal(data.Matrix.RowTimes(4).ToArray(), profile.Times.ToArray());
        Assert.True(profile.IsTrained);
    }
}
