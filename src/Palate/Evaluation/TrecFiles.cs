using System.Globalization;

namespace Palate;

/// <summary>Run and qrels files of the Text Retrieval Conference, which trec_eval and its kin read.</summary>
/// <remarks>
/// A run line is <c>qid Q0 docid rank score tag</c>, a qrels line <c>qid 0 docid rel</c>; blanks separate the fields,
/// so ids that contain white space are refused.
/// </remarks>
public static class TrecFiles
{
    /// <summary>Writes one query's ranking.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="query">The query's or user's id.</param>
    /// <param name="ranking">Document ids with their scores, best first.</param>
    /// <param name="tag">The name of the run.</param>
    /// <remarks>
    /// trec_eval ignores the rank and orders by score, ties by document id descending. A score that is not below the one
    /// before it is therefore written as the next smaller float, so that trec_eval sees the order that is given here.
    /// </remarks>
    public static void WriteRun(
        TextWriter writer, string query, IEnumerable<(string Document, float Score)> ranking, string tag)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(ranking);
        float last = float.PositiveInfinity;
        int rank = 0;
        foreach ((string document, float score) in ranking)
        {
            if (float.IsNaN(score))
            {
                throw new ArgumentException($"The score of '{document}' is not a number.", nameof(ranking));
            }

            last = score < last ? score : float.BitDecrement(last);
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{Id(query)} Q0 {Id(document)} {++rank} {last:R} {Id(tag)}\n"));
        }
    }

    /// <summary>Writes one query's judgments: greater than 0 is relevant.</summary>
    public static void WriteQrels(TextWriter writer, string query, IEnumerable<(string Document, int Grade)> judgments)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(judgments);
        foreach ((string document, int grade) in judgments)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Id(query)} 0 {Id(document)} {grade}\n"));
        }
    }

    /// <summary>
    /// Reads a run: by query the documents, ordered as trec_eval orders them, by score and then by document id, both
    /// descending.
    /// </summary>
    /// <exception cref="InvalidDataException">A line does not have the form; the message says which.</exception>
    public static Dictionary<string, List<(string Document, float Score)>> ReadRun(TextReader reader)
    {
        var run = new Dictionary<string, List<(string Document, float Score)>>(StringComparer.Ordinal);
        foreach ((int line, string[] fields) in Lines(reader, 6, "qid Q0 docid rank score tag"))
        {
            if (!float.TryParse(fields[4], NumberStyles.Float, CultureInfo.InvariantCulture, out float score)
                || float.IsNaN(score))
            {
                throw new InvalidDataException($"Line {line} of the run has the score '{fields[4]}', which is not a number.");
            }

            Of(run, fields[0]).Add((fields[2], score));
        }

        foreach (List<(string Document, float Score)> ranking in run.Values)
        {
            ranking.Sort(static (a, b) =>
                a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(b.Document, a.Document));
        }

        return run;
    }

    /// <summary>Reads qrels: by query the grade of each judged document.</summary>
    /// <exception cref="InvalidDataException">A line does not have the form; the message says which.</exception>
    public static Dictionary<string, Dictionary<string, int>> ReadQrels(TextReader reader)
    {
        var qrels = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach ((int line, string[] fields) in Lines(reader, 4, "qid 0 docid rel"))
        {
            if (!int.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int grade))
            {
                throw new InvalidDataException(
                    $"Line {line} of the qrels has the grade '{fields[3]}', which is not a whole number.");
            }

            Of(qrels, fields[0])[fields[2]] = grade;
        }

        return qrels;
    }

    private static IEnumerable<(int Line, string[] Fields)> Lines(TextReader reader, int count, string form)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int line = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            string[] fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == count)
            {
                yield return (line, fields);
            }
            else if (fields.Length > 0)
            {
                throw new InvalidDataException($"Line {line} has {fields.Length} fields instead of {count}: {form}.");
            }
        }
    }

    private static T Of<T>(Dictionary<string, T> map, string key)
        where T : new()
    {
        if (!map.TryGetValue(key, out T? value))
        {
            value = new T();
            map.Add(key, value);
        }

        return value;
    }

    private static string Id(string id) =>
        id.Length > 0 && !id.Any(char.IsWhiteSpace)
            ? id
            : throw new ArgumentException($"The id '{id}' is empty or has white space, which a TREC file cannot hold.");
}
