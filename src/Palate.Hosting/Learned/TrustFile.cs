using Palate.Storage;

namespace Palate.Hosting;

/// <summary>What was learned of a pipeline's model, kept in the home's folder <c>trust</c>.</summary>
internal static class TrustFile
{
    /// <summary>Where it is kept.</summary>
    public static string PathOf(Home home, string pipeline, string model) =>
        HomeFile.PathOf(home, "trust", pipeline, model);

    /// <summary>What was learned of a model in a pipeline; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Learned? Read(Home home, string pipeline, string model)
    {
        string path = PathOf(home, pipeline, model);
        if (!File.Exists(path))
        {
            return null;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        return new Learned(Trust.Load(reader), AskRule.Load(reader));
    }

    /// <summary>Replaces what was learned, whole or not at all.</summary>
    public static void Write(Home home, string pipeline, string model, Learned learned) =>
        HomeFile.Replace(PathOf(home, pipeline, model), writer =>
        {
            learned.Trust.Save(writer);
            learned.Ask.Save(writer);
        });

    /// <summary>What a model's judgment counts, and when it is worth asking for.</summary>
    internal sealed record Learned(Trust Trust, AskRule Ask);
}
