namespace Palate.Tests;

/// <summary>Where the public data sets are that some tests measure on; they are not part of the repository.</summary>
internal static class TestData
{
    /// <summary>
    /// The folder of a data set, for example <c>ml-100k</c>; where it is absent the test that asks is skipped.
    /// Looked for in the environment variable <c>PALATE_DATA</c>, else in <c>shared/data</c> beside the repository.
    /// With <c>CI=true</c> an absent folder is a failure, so that no build passes by skipping.
    /// </summary>
    public static string Folder(string name)
    {
        string root = Environment.GetEnvironmentVariable("PALATE_DATA") is { Length: > 0 } set
            ? set
            : Path.Combine(RepositoryRoot(), "..", "shared", "data");
        string folder = Path.GetFullPath(Path.Combine(root, name));
        if (Directory.Exists(folder))
        {
            return folder;
        }

        string message = $"The data set '{name}' is absent: there is no folder {folder}. "
            + "Download it and set PALATE_DATA to the folder that holds it.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new DirectoryNotFoundException(message);
        }

        Assert.Skip(message);
        return folder;
    }

    /// <summary>The folder that holds <c>Palate.slnx</c>, found upwards from the test assembly.</summary>
    public static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Palate.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Palate.slnx.");
    }
}
