using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Palate;

/// <summary>The folder of generations of a home: publishes new ones atomically, loads and lists them, rolls back.</summary>
/// <remarks>
/// A generation is a folder that is never written to after it has its name. The file <c>CURRENT</c> names the one that
/// answers; it is replaced by a rename, so a reader sees the old name or the new one. One writer at a time (the home's
/// training lock sees to it); any number of readers.
/// </remarks>
public sealed class GenerationStore
{
    private const string CurrentFile = "CURRENT";
    private const string ManifestFile = "manifest.json";
    private const string Unfinished = ".unfinished-";


    /// <summary>A store over a folder, which is created when the first generation is published.</summary>
    public GenerationStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>The folder that holds the generations.</summary>
    public string Folder { get; }

    /// <summary>The name of the generation that answers, or null when none was published.</summary>
    public string? CurrentName
    {
        get
        {
            try
            {
                string name = File.ReadAllText(Path.Combine(Folder, CurrentFile)).Trim();
                return name.Length == 0 ? null : name;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>Loads the generation that answers.</summary>
    /// <exception cref="GenerationException">There is none, or it is damaged.</exception>
    public Generation LoadCurrent() =>
        Load(CurrentName ?? throw new GenerationException(
            "", $"No generation is published in '{Folder}'; run `palate train` first."));

    /// <summary>Loads a generation after checking every file against its manifest.</summary>
    /// <exception cref="GenerationException">It does not exist or is damaged.</exception>
    public Generation Load(string name)
    {
        GenerationManifest manifest = Verify(name);
        try
        {
            return Generation.Read(PathOf(name), manifest);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw Damaged(name, e.Message, e);
        }
    }

    /// <summary>Reads a generation's manifest and checks every file against it.</summary>
    /// <exception cref="GenerationException">It does not exist or is damaged.</exception>
    public GenerationManifest Verify(string name)
    {
        GenerationManifest manifest = ReadManifest(name);
        foreach ((string file, string expected) in manifest.Files)
        {
            string path = Path.Combine(PathOf(name), file);
            if (!File.Exists(path))
            {
                throw Damaged(name, $"the file '{file}' is missing");
            }

            if (HashOf(path) != expected)
            {
                throw Damaged(name, $"the file '{file}' does not have the checksum of the manifest");
            }
        }

        return manifest;
    }

    /// <summary>The manifests of all readable generations, oldest first.</summary>
    public IReadOnlyList<GenerationManifest> List()
    {
        var manifests = new List<GenerationManifest>();
        foreach (string name in Names())
        {
            try
            {
                manifests.Add(ReadManifest(name));
            }
            catch (GenerationException)
            {
                // A damaged neighbour must not hide the others; `palate doctor` names it through Verify.
            }
        }

        return manifests;
    }

    /// <summary>The names of all generations, oldest first, damaged ones included.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateDirectories(Folder)
                .Select(path => Path.GetFileName(path))
                .Where(name => NumberOf(name) > 0)
                .OrderBy(NumberOf)]
            : [];

    /// <summary>Writes a trained generation into a folder of its own and makes it the one that answers.</summary>
    /// <returns>The generation's name.</returns>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing has changed then.</exception>
    public string Publish(Generation generation)
    {
        ArgumentNullException.ThrowIfNull(generation);
        Directory.CreateDirectory(Folder);
        foreach (string abandoned in Directory.EnumerateDirectories(Folder, Unfinished + "*"))
        {
            Directory.Delete(abandoned, recursive: true);
        }

        int number = Names().Select(NumberOf).DefaultIfEmpty(0).Max() + 1;
        string name = string.Create(
            CultureInfo.InvariantCulture, $"g{number:D4}-{generation.Manifest.DataHash.PadRight(8, '0')[..8]}");
        string unfinished = Path.Combine(Folder, Unfinished + name);
        Directory.CreateDirectory(unfinished);
        try
        {
            generation.Write(unfinished);
            var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (string path in Directory.EnumerateFiles(unfinished))
            {
                Flush(path);
                files.Add(Path.GetFileName(path), HashOf(path));
            }

            string manifest = Path.Combine(unfinished, ManifestFile);
            File.WriteAllText(
                manifest, JsonSerializer.Serialize(generation.Manifest with { Name = name, Files = files }, GenerationJson.Options));
            Flush(manifest);
            Directory.Move(unfinished, PathOf(name));
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }

        PointTo(name);
        return name;
    }

    /// <summary>Makes the generation before the current one answer again.</summary>
    /// <returns>The name of the generation that answers now.</returns>
    /// <exception cref="GenerationException">There is none before, or it is damaged.</exception>
    public string Rollback()
    {
        string current = CurrentName ?? throw new GenerationException(
            "", $"No generation is published in '{Folder}', so there is nothing to roll back; run `palate train`.");
        string? before = Names().LastOrDefault(name => NumberOf(name) < NumberOf(current));
        if (before is null)
        {
            throw new GenerationException(
                current, $"'{current}' is the oldest generation in '{Folder}'; there is none before it to return to.");
        }

        Verify(before);
        PointTo(before);
        return before;
    }

    private static int NumberOf(string name)
    {
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 1 && name[0] == 'g'
            && int.TryParse(name.AsSpan(1, dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
    }

    private static string HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static GenerationException Damaged(string name, string what, Exception? inner = null) => new(
        name, $"Generation '{name}' is damaged: {what}. Run `palate rollback`, or `palate train` for a new one.", inner);

    private GenerationManifest ReadManifest(string name)
    {
        string path = Path.Combine(PathOf(name), ManifestFile);
        if (!File.Exists(path))
        {
            throw new GenerationException(
                name, $"There is no generation '{name}' in '{Folder}'; `palate doctor` lists those that exist.");
        }

        GenerationManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<GenerationManifest>(File.ReadAllText(path), GenerationJson.Options);
        }
        catch (JsonException e)
        {
            throw Damaged(name, "its manifest is not readable JSON", e);
        }

        return manifest switch
        {
            null => throw Damaged(name, "its manifest is empty"),
            { Format: not GenerationManifest.CurrentFormat } => throw new GenerationException(
                name, $"Generation '{name}' has format {manifest.Format}; this release reads format " +
                    $"{GenerationManifest.CurrentFormat}. Run `palate train` for a new one."),
            _ => manifest,
        };
    }

    private void PointTo(string name)
    {
        string next = Path.Combine(Folder, CurrentFile + ".next");
        File.WriteAllText(next, name + "\n");
        Flush(next);
        File.Move(next, Path.Combine(Folder, CurrentFile), overwrite: true);
    }

    private string PathOf(string name) => Path.Combine(Folder, name);
}
