using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Palate.Llm;

namespace Palate.Storage;

public sealed partial class SqliteStore
{
    // Rows of other columns, made by another release, are not read and go as new ones come.
    private static readonly string FeatureColumns = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', CrossFeatures.Definitions.Select(definition => definition.Name)))).AsSpan(0, 8));

    /// <summary>The judged requests of a pipeline's model, oldest first.</summary>
    /// <remarks>A row that is damaged or of other features than this version's is left out.</remarks>
    public IReadOnlyList<StudentExample> Judgments(string pipeline, string model) => Use(connection =>
    {
        using var rows = new Statement(
            connection,
            "SELECT segment, candidates, numbers FROM judgments WHERE pipeline = ?1 AND model = ?2 AND features = ?3 ORDER BY id");
        rows.Bind(1, pipeline).Bind(2, model).Bind(3, FeatureColumns);
        var judged = new List<StudentExample>();
        while (rows.Step())
        {
            if (ReadJudged(pipeline, model, rows) is { } request)
            {
                judged.Add(request);
            }
        }

        return judged;
    });

    // In one transaction with the removal of old ones: there are never more than there may be.
    internal void AppendJudgments(IReadOnlyList<StudentExample> requests, DateTimeOffset now, Func<string, int> most) =>
        InTransaction(connection =>
        {
            using (var insert = new Statement(
                connection,
                "INSERT INTO judgments (time, pipeline, model, segment, features, candidates, numbers) "
                + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"))
            {
                foreach (StudentExample request in requests)
                {
                    insert.Bind(1, now.ToUnixTimeSeconds())
                        .Bind(2, request.Pipeline)
                        .Bind(3, request.Model)
                        .Bind(4, request.Segment)
                        .Bind(5, FeatureColumns)
                        .Bind(6, request.BaseScores.Length)
                        .Bind(7, Numbers(request))
                        .Run();
                }
            }

            foreach ((string pipeline, string model) in requests.Select(request => (request.Pipeline, request.Model)).Distinct())
            {
                using var old = new Statement(
                    connection,
                    "DELETE FROM judgments WHERE pipeline = ?1 AND model = ?2 AND id <= (SELECT id FROM judgments "
                    + "WHERE pipeline = ?1 AND model = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)");
                old.Bind(1, pipeline).Bind(2, model).Bind(3, most(pipeline)).Run();
            }
        });

    // Base scores, utilities, then the features one after the other; 32-bit floats, little-endian.
    private static ReadOnlySpan<byte> Numbers(StudentExample request)
    {
        int candidates = request.BaseScores.Length;
        float[] numbers = new float[(2 + request.Features.Features) * candidates];
        request.BaseScores.CopyTo(numbers.AsSpan());
        request.Utilities.CopyTo(numbers.AsSpan(candidates));
        for (int feature = 0; feature < request.Features.Features; feature++)
        {
            request.Features[feature].CopyTo(numbers.AsSpan((2 + feature) * candidates));
        }

        return MemoryMarshal.AsBytes(numbers.AsSpan());
    }

    private static StudentExample? ReadJudged(string pipeline, string model, Statement row)
    {
        int features = CrossFeatures.Definitions.Count;
        int candidates = (int)row.Integer(1);
        byte[] bytes = row.Bytes(2);
        if (candidates < 2 || bytes.Length != (2 + features) * candidates * sizeof(float))
        {
            return null;
        }

        ReadOnlySpan<float> numbers = MemoryMarshal.Cast<byte, float>(bytes);
        var matrix = new FeatureMatrix(features, candidates);
        for (int feature = 0; feature < features; feature++)
        {
            numbers.Slice((2 + feature) * candidates, candidates).CopyTo(matrix[feature]);
        }

        float[] known = numbers[..(2 * candidates)].ToArray();
        return known.All(float.IsFinite)
            ? new StudentExample(pipeline, model, row.Text(0), known[..candidates], known[candidates..], matrix)
            : null;
    }
}
