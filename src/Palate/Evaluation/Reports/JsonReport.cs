using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palate;

/// <summary>A report as JSON with snake_case names; <c>stages[]</c> have <c>name</c> and <c>metrics</c> by name.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new NumberConverter(), new ListConverter(), new ArrayConverter(), new RowsConverter() },
    };

    /// <summary>Writes a report.</summary>
    /// <param name="destination">Receives UTF-8; stays open.</param>
    /// <param name="report">The report.</param>
    /// <param name="perUser">
    /// Whether to write every user's values too, from which two files can be compared pairwise later; they are some 20
    /// bytes per user, stage and metric.
    /// </param>
    public static void Write(Stream destination, EvaluationReport report, bool perUser = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        JsonSerializer.Serialize(destination, perUser ? report : report with
        {
            UserRows = [],
            Stages = [.. report.Stages.Select(WithoutUsers)],
            References = [.. report.References.Select(WithoutUsers)],
        }, Options);
    }

    /// <summary>The report as a string.</summary>
    public static string Render(EvaluationReport report, bool perUser = false)
    {
        using var buffer = new MemoryStream();
        Write(buffer, report, perUser);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not a report.</exception>
    public static EvaluationReport Read(Stream source)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationReport>(source, Options)
                ?? throw new InvalidDataException("The file holds null instead of an evaluation report.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The file is not an evaluation report: {e.Message}", e);
        }
    }

    private static StageResult WithoutUsers(StageResult row) =>
        row with { PerUser = FrozenDictionary<string, double[]>.Empty };

    // JSON has no NaN: a missing value is null.
    private static double ReadNumber(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    private static double[] ReadNumbers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A list of numbers is missing.");
        }

        var values = new List<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(ReadNumber(ref reader));
        }

        return [.. values];
    }

    // One line per list: a list of a thousand numbers is not worth a thousand lines.
    private static void WriteNumbers(Utf8JsonWriter writer, IEnumerable<double> values) =>
        writer.WriteRawValue("[" + string.Join(",", values.Select(value =>
            double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null")) + "]");

    private sealed class NumberConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ReadNumber(ref reader);

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    private sealed class ListConverter : JsonConverter<IReadOnlyList<double>>
    {
        public override IReadOnlyList<double> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadNumbers(ref reader);

        public override void Write(
            Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options) =>
            WriteNumbers(writer, value);
    }

    private sealed class ArrayConverter : JsonConverter<double[]>
    {
        public override double[] Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadNumbers(ref reader);

        public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options) =>
            WriteNumbers(writer, value);
    }

    private sealed class RowsConverter : JsonConverter<IReadOnlyList<int>>
    {
        public override IReadOnlyList<int> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            [.. ReadNumbers(ref reader).Select(value => (int)value)];

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options) =>
            WriteNumbers(writer, value.Select(row => (double)row));
    }
}
