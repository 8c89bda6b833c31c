using System.IO.Compression;
using System.Text;

namespace Palate.Tests;

/// <summary>A temporary folder with small data files of a test's own making.</summary>
internal sealed class DataFiles : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("palate-data-").FullName;

    public DataFiles With(string name, string content, Encoding? encoding = null)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        byte[] bytes = (encoding ?? new UTF8Encoding(false)).GetBytes(content);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
            packed.Write(bytes);
        }
        else
        {
            File.WriteAllBytes(path, bytes);
        }

        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
