namespace Palate;

/// <summary>A set of data in some format, as streams of records.</summary>
/// <remarks>
/// <para>Every stream is lazy and can be read again from the start; a reader holds no more than a few rows in memory,
/// so data larger than memory can be imported. The order of the records is part of the data: it decides the indices
/// that items and users get.</para>
/// <para>A bad row is skipped and counted in the report, never the whole file. A missing or unreadable file is an
/// <see cref="ImportException"/>.</para>
/// </remarks>
public interface IDatasetReader
{
    /// <summary>The format's name in the tool, for example <c>ml-100k</c>.</summary>
    string Name { get; }

    /// <summary>Where the data comes from: a path, or a seed.</summary>
    string Source { get; }

    /// <summary>The held-out sets that the data brings, for example <c>ua</c>; may be empty.</summary>
    IReadOnlyList<string> Splits { get; }

    /// <summary>The described items. An id may come again: the last description counts.</summary>
    IEnumerable<Item> Items(ImportReport report);

    /// <summary>The described users. An id may come again: the last description counts.</summary>
    IEnumerable<User> Users(ImportReport report);

    /// <summary>The interactions to learn from; they may name items and users that nothing describes.</summary>
    IEnumerable<Interaction> Interactions(ImportReport report);

    /// <summary>The interactions to test with.</summary>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <param name="report">Where bad rows are counted.</param>
    IEnumerable<Interaction> HeldOut(string split, ImportReport report);
}
