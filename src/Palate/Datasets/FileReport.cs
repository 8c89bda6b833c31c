namespace Palate;

/// <summary>How many rows of one file were good and bad.</summary>
/// <remarks>Belongs to one import on one thread.</remarks>
public sealed class FileReport
{
    private readonly Action<BadRow> _keep;

    internal FileReport(string name, Action<BadRow> keep)
    {
        Name = name;
        _keep = keep;
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>Rows that were read.</summary>
    public long Good { get; private set; }

    /// <summary>Rows that were skipped.</summary>
    public long Bad { get; private set; }

    /// <summary>Counts a good row.</summary>
    public void AddGood() => Good++;

    /// <summary>Counts a row that is skipped.</summary>
    /// <param name="line">The line, 1-based.</param>
    /// <param name="reason">What is wrong with it, with the value.</param>
    public void AddBad(long line, string reason)
    {
        Bad++;
        _keep(new BadRow(Name, line, reason));
    }
}
