namespace Palate.Storage.Tests;

public sealed class HomeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palate-home-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Opening_creates_the_folders_and_can_be_repeated()
    {
        string path = Path.Combine(_folder.FullName, "a", "b");
        Home first = Home.Open(path);
        Home second = Home.Open(path);

        Assert.True(Directory.Exists(first.GenerationsFolder));
        Assert.Equal(first.DatabaseFile, second.DatabaseFile);
        Assert.Equal(Path.Combine(path, "palate.yaml"), first.ConfigurationFile);
    }

    [Fact]
    public void A_file_is_no_home()
    {
        string path = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(path, "x");
        Assert.Contains("is a file", Assert.Throws<StoreException>(() => Home.Open(path)).Message, StringComparison.Ordinal);
        string below = Path.Combine(path, "home");
        Assert.Contains(below, Assert.Throws<StoreException>(() => Home.Open(below)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_at_a_time_trains_on_a_home()
    {
        Home home = Home.Open(_folder.FullName);
        using (home.LockForTraining())
        {
            var error = Assert.Throws<StoreException>(home.LockForTraining);
            Assert.Contains("is training on the home", error.Message, StringComparison.Ordinal);
            Home.Open(_folder.FullName).OpenStore().Dispose();
        }

        home.LockForTraining().Dispose();
    }
}
