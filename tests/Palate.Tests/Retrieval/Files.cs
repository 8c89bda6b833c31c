namespace Palate.Tests;

/// <summary>Saves a model to memory and loads it again.</summary>
internal static class Files
{
    public static byte[] Save(Action<BinaryWriter> save)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public static T Load<T>(byte[] bytes, Func<BinaryReader, T> load)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return load(reader);
    }
}
