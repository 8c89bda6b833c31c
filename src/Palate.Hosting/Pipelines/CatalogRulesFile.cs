using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>The rules that a generation's catalog teaches, kept in the home's folder <c>rules</c>.</summary>
internal static class CatalogRulesFile
{
    /// <summary>The rules of a generation, learned when nobody has kept them.</summary>
    /// <remarks>
    /// Learning takes about a second on the demo's 4,000 items, reading back 4 to 17 milliseconds. The file is only a
    /// copy: from a damaged one nothing is read, and one that cannot be written is left. Those of generations that are
    /// gone go, too.
    /// </remarks>
    public static CatalogRules Of(Home home, Generation generation)
    {
        HashSet<string> published = [.. new GenerationStore(home.GenerationsFolder).Names()];
        if (!published.Contains(generation.Name))
        {
            return CatalogRules.Learn(generation.Catalog.Items);
        }

        string path = PathOf(home, generation.Name);
        if (Read(path) is { } known)
        {
            return known;
        }

        var rules = CatalogRules.Learn(generation.Catalog.Items);
        try
        {
            HomeFile.Replace(path, rules.Save);
            foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.bin"))
            {
                if (!published.Contains(Path.GetFileNameWithoutExtension(other)))
                {
                    File.Delete(other);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full, or another process writes the same: the next start learns again.
        }

        return rules;
    }

    internal static string PathOf(Home home, string generation) => Path.Combine(home.Path, "rules", generation + ".bin");

    private static CatalogRules? Read(string path)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            return CatalogRules.Load(reader);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
