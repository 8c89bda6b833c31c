using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Palate;

/// <summary>Writes what <see cref="JsonLines"/> reads: one JSON object a line, UTF-8, line feeds.</summary>
/// <remarks>
/// What was imported, written and imported again has the same content, and the same order of items and users. Members that
/// say nothing (an empty text, no attributes, an unknown time) are left out.
/// </remarks>
public static class JsonLinesWriter
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes items.</summary>
    /// <returns>How many.</returns>
    public static long WriteItems(Stream stream, IEnumerable<Item> items) => Write(stream, items, static (json, item) =>
    {
        json.WriteString("id", item.Id);
        json.WriteString("title", item.Title);
        if (item.Text.Length > 0)
        {
            json.WriteString("text", item.Text);
        }

        WriteAttributes(json, item.Attributes);
        if (item.AddedAt is { } added)
        {
            json.WriteNumber("added_at", added);
        }
    });

    /// <summary>Writes users.</summary>
    /// <returns>How many.</returns>
    public static long WriteUsers(Stream stream, IEnumerable<User> users) => Write(stream, users, static (json, user) =>
    {
        json.WriteString("id", user.Id);
        WriteAttributes(json, user.Attributes);
    });

    /// <summary>Writes interactions.</summary>
    /// <returns>How many.</returns>
    public static long WriteInteractions(Stream stream, IEnumerable<Interaction> interactions) =>
        Write(stream, interactions, static (json, one) =>
        {
            json.WriteString("user_id", one.UserId);
            json.WriteString("item_id", one.ItemId);
            json.WriteString("type", one.Type);
            json.WriteNumber("value", one.Value);
            if (one.Time != 0)
            {
                json.WriteNumber("time", one.Time);
            }
        });

    /// <summary>Writes a whole data set into a folder, held-out sets included, as the files that the format names.</summary>
    /// <param name="folder">The folder, which is created when it is not there; files of these names are replaced.</param>
    /// <param name="data">The data.</param>
    /// <param name="stop">Ends the writing.</param>
    /// <returns>The files with the rows of each, in the order in which they were written.</returns>
    public static IReadOnlyList<(string File, long Rows)> WriteFolder(
        string folder, Dataset data, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(data);
        Directory.CreateDirectory(folder);
        return
        [
            ToFile("items.jsonl", stream => WriteItems(stream, data.Catalog.Items)),
            ToFile("users.jsonl", stream => WriteUsers(stream, data.Users)),
            ToFile("interactions.jsonl", stream => WriteInteractions(stream, data.Rows(data.Events))),
            .. data.Splits.Select(split => ToFile(
                $"heldout.{split}.jsonl", stream => WriteInteractions(stream, data.Rows(data.HeldOut(split))))),
        ];

        (string, long) ToFile(string name, Func<Stream, long> write)
        {
            stop.ThrowIfCancellationRequested();
            using FileStream file = File.Create(Path.Combine(folder, name));
            return (name, write(file));
        }
    }

    private static long Write<T>(Stream stream, IEnumerable<T> rows, Action<Utf8JsonWriter, T> members)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(rows);
        var line = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(line, Json);
        long count = 0;
        foreach (T row in rows)
        {
            line.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            members(json, row);
            json.WriteEndObject();
            json.Flush();
            line.Write("\n"u8);
            stream.Write(line.WrittenSpan);
            count++;
        }

        return count;
    }

    private static void WriteAttributes(Utf8JsonWriter json, IReadOnlyDictionary<string, IReadOnlyList<string>> attributes)
    {
        if (attributes.Count == 0)
        {
            return;
        }

        json.WriteStartObject("attributes");
        foreach (string name in attributes.Keys.Order(StringComparer.Ordinal))
        {
            json.WriteStartArray(name);
            foreach (string value in attributes[name])
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
