using Palate.Storage;

namespace Palate.Hosting;

/// <summary>A small file of the home that belongs to a model of a pipeline.</summary>
internal static class HomeFile
{
    // Names come from palate.yaml and may hold anything; a file name may not. An escaped name holds no @.
    public static string PathOf(Home home, string folder, string pipeline, string model) => Path.Combine(
        home.Path, folder, $"{Uri.EscapeDataString(pipeline)}@{Uri.EscapeDataString(model)}.bin");

    /// <summary>Replaces a file, whole or not at all.</summary>
    public static void Replace(string path, Action<BinaryWriter> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string next = path + ".next";
        using (var writer = new BinaryWriter(File.Create(next)))
        {
            write(writer);
        }

        File.Move(next, path, overwrite: true);
    }
}
