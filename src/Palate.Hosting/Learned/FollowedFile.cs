namespace Palate.Hosting;

/// <summary>A learned file that may be replaced while a service runs: what it held when it could last be read.</summary>
/// <remarks>
/// Files are replaced by a rename (<see cref="HomeFile.Replace"/>), so a change of time or length is a whole new file, and one
/// that is damaged is not read again before it changes again. Polled by one thread at a time; read by any.
/// </remarks>
internal sealed class FollowedFile<T>
    where T : class
{
    private readonly string _path;
    private readonly Func<T?> _read;
    private (long Ticks, long Length) _seen;
    private volatile T? _current;

    /// <summary>Reads a file for the first time.</summary>
    /// <param name="path">The file, which need not be there.</param>
    /// <param name="read">Reads it whole; null when it is not there.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public FollowedFile(string path, Func<T?> read)
    {
        (_path, _read) = (path, read);

        // First the stamp: what is replaced while it is read is read again.
        _seen = Stamp();
        _current = read();
    }

    /// <summary>What the file held; null when it was not there.</summary>
    public T? Current => _current;

    /// <summary>Reads the file when it has changed; what it held before stays when it cannot be read.</summary>
    /// <returns>What happened; null when nothing did.</returns>
    public LearnedChange? Poll()
    {
        (long, long) stamp = Stamp();
        if (stamp == _seen)
        {
            return null;
        }

        string name = Path.Join(Path.GetFileName(Path.GetDirectoryName(_path)), Path.GetFileName(_path));
        try
        {
            _current = _read();
            _seen = stamp;
            return new LearnedChange(name);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _seen = failure is UnauthorizedAccessException or IOException and not EndOfStreamException ? _seen : stamp;
            return new LearnedChange(name, failure.Message);
        }
    }

    private (long, long) Stamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc.Ticks, file.Length) : (0, -1);
    }
}
