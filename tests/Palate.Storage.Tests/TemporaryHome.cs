namespace Palate.Storage.Tests;

/// <summary>A home in a temporary folder, gone with the test.</summary>
internal sealed class TemporaryHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palate-home-");

    public TemporaryHome()
    {
        Home = Home.Open(Path.Combine(_folder.FullName, "home"));
        Store = Home.OpenStore();
    }

    public Home Home { get; }

    public SqliteStore Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }
}
