using Palate.Storage;

namespace Palate.Cli;

/// <summary>What was learned of a pipeline's model, kept in the home's folder <c>trust</c>.</summary>
internal static class TrustFile
{
    /// <summary>What was learned; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Trust? Read(Home home, string pipeline)
    {
        string path = PathOf(home, pipeline);
        if (!File.Exists(path))
        {
            return null;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        return Trust.Load(reader);
    }

    /// <summary>Replaces what was learned, whole or not at all.</summary>
    public static void Write(Home home, string pipeline, Trust trust)
    {
        string path = PathOf(home, pipeline);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string next = path + ".next";
        using (var writer = new BinaryWriter(File.Create(next)))
        {
            trust.Save(writer);
        }

        File.Move(next, path, overwrite: true);
    }

    // Names come from palate.yaml and may hold anything; a file name may not.
    private static string PathOf(Home home, string pipeline) =>
        Path.Combine(home.Path, "trust", Uri.EscapeDataString(pipeline) + ".bin");
}
