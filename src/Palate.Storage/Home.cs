namespace Palate.Storage;

/// <summary>The folder with everything that one installation keeps: configuration, database, generations.</summary>
/// <remarks>Holds paths only, so it is safe to use from any thread.</remarks>
public sealed class Home
{
    private Home(string path) => Path = path;

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>The configuration, <c>palate.yaml</c>; the file may be missing, which means the defaults.</summary>
    public string ConfigurationFile => System.IO.Path.Combine(Path, "palate.yaml");

    /// <summary>The database, <c>palate.db</c>.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, "palate.db");

    /// <summary>The folder with one folder per generation.</summary>
    public string GenerationsFolder => System.IO.Path.Combine(Path, "generations");

    private string LockFile => System.IO.Path.Combine(Path, "training.lock");

    /// <summary>Opens a home, which is created when it is not there.</summary>
    /// <exception cref="StoreException">The path is no folder, or cannot be written to.</exception>
    public static Home Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var home = new Home(System.IO.Path.GetFullPath(path));
        if (File.Exists(home.Path))
        {
            throw new StoreException(
                $"The home {home.Path} is a file. Give a folder with --home, or move the file away.");
        }

        try
        {
            Directory.CreateDirectory(home.GenerationsFolder);
            new FileStream(home.LockFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (IOException) when (File.Exists(home.LockFile))
        {
            // A training holds the lock, so the folder is there and can be written to.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"The home {home.Path} cannot be written to: {e.Message} Give another --home, or the rights.",
                e);
        }

        return home;
    }

    /// <summary>Opens the home's database, which is created when it is not there.</summary>
    /// <exception cref="StoreException">The file is damaged, in use, or of a newer version.</exception>
    public SqliteStore OpenStore() => SqliteStore.Open(DatabaseFile);

    /// <summary>Takes the lock that lets only one process train at a time, until it is disposed.</summary>
    /// <remarks>The operating system holds it, so it goes away with the process, however that ends.</remarks>
    /// <exception cref="StoreException">Somebody else trains on this home.</exception>
    public IDisposable LockForTraining()
    {
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StoreException(
                $"Another process is training on the home {Path}.", e);
        }
    }
}
