using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Palate;

/// <summary>A folder with the files of a format, each of them plain or with <c>.gz</c> at its end.</summary>
internal sealed class DataFolder
{
    private readonly string _format;
    private readonly string _layout;

    /// <param name="path">The folder.</param>
    /// <param name="format">The format's name, for messages.</param>
    /// <param name="layout">Which files it expects, for messages.</param>
    public DataFolder(string path, string format, string layout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
        _format = format;
        _layout = layout;
    }

    public string Path { get; }

    /// <summary>The path of a file when it is there.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out string? path)
    {
        string plain = System.IO.Path.Combine(Path, name);
        string packed = plain + ".gz";
        path = File.Exists(plain) ? plain : File.Exists(packed) ? packed : null;
        return path is not null;
    }

    public bool Has(string name) => TryFind(name, out _);

    /// <exception cref="ImportException">The file is not there.</exception>
    public string Require(string name)
    {
        if (!TryFind(name, out string? path))
        {
            string problem = Directory.Exists(Path)
                ? $"The folder {Path} has no file {name} (nor {name}.gz)."
                : $"There is no folder {Path}.";
            throw new ImportException($"{problem} The format {_format} expects {_layout}");
        }

        return path;
    }

    /// <summary>The lines of a file that has to be there.</summary>
    public LineReader Lines(string name, Encoding encoding, FileReport file) => new(Require(name), encoding, file);

    /// <summary>Fails when a file that carries the data had no row at all.</summary>
    /// <exception cref="ImportException">No row was read.</exception>
    public void ThrowIfEmpty(FileReport file)
    {
        if (file.Good + file.Bad == 0)
        {
            throw new ImportException(
                $"The file {file.Name} in {Path} is empty. The format {_format} expects {_layout}");
        }
    }
}
