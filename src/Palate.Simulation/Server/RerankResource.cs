using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;

namespace Palate.Simulation;

/// <summary>The rerank interfaces of the simulated provider: Cohere's, Jina's and vLLM's, and TEI's.</summary>
/// <remarks>A body with <c>texts</c> is TEI's, whatever the path; one with <c>documents</c> is not.</remarks>
internal sealed class RerankResource(SimulatedCall calls, SimulationOptions settings) : IDisposable
{
    private const int TeiBatch = 32;
    private const int Scale = 10_000;
    private const int DocumentsPerUnit = 100;

    // A cross-encoder gives numbers: nothing of how a chat model spoils its words applies.
    private readonly SimulatedModel _model = new(
        settings.Profile with { MalformedRate = 0, RefusalRate = 0, UnknownAliasRate = 0, Verbosity = 0 },
        settings.Seed,
        settings.Time);

    private readonly ChatResponseFormat _form = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""
        {"type":"object","properties":{"grades":{"type":"array","items":{"type":"object","properties":
        {"id":{"type":"string"},"grade":{"type":"integer","maximum":10000}}}}}}
        """));

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (string path in (string[])["/v1/rerank", "/v2/rerank", "/rerank"])
        {
            routes.MapPost(path, (RequestDelegate)(context =>
                calls.RunAsync(context, (body, _) => Answer(body, context.Request.Path == "/v2/rerank"))));
        }
    }

    public void Dispose() => _model.Dispose();

    private SimulatedCall.Answer Answer(JsonElement body, bool isCohere)
    {
        bool isTei = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("texts", out _);
        string[] documents = Documents(body, isTei ? "texts" : "documents");
        if (!body.TryGetProperty("query", out JsonElement query) || query.ValueKind != JsonValueKind.String)
        {
            throw new ArgumentException("'query' must be a string.");
        }

        SimulatedReply reply = _model.Reply(Prompt(query.GetString()!, documents), new ChatOptions { ResponseFormat = _form });
        (int Index, double Score)[] results = [.. Scores(reply.Text, documents.Length)
            .Select((score, index) => (index, score))
            .OrderByDescending(result => result.score)
            .Take(SimulatedBody.Number(body, "top_n") ?? documents.Length)];
        bool hasText = SimulatedBody.Flag(body, isTei ? "return_text" : "return_documents");
        long tokens = reply.Usage.InputTokenCount ?? 0;
        long units = (documents.Length + DocumentsPerUnit - 1) / DocumentsPerUnit;
        return new SimulatedCall.Answer
        {
            Reply = reply with
            {
                PerToken = TimeSpan.Zero,
                Usage = new UsageDetails { InputTokenCount = tokens, OutputTokenCount = 0, TotalTokenCount = tokens },
            },
            Whole = SimulatedCall.Json(json => Write(json, results)),
            Bill = _ => new SimulationTotals(1, tokens, 0, 0, 0, isCohere ? units : 0),
            Refusal = isTei && documents.Length > TeiBatch
                ? (StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture,
                    $"batch size {documents.Length} > maximum allowed batch size {TeiBatch}"))
                : null,
        };

        void Write(Utf8JsonWriter json, (int Index, double Score)[] sorted)
        {
            if (!isTei)
            {
                json.WriteStartObject();
                json.WriteString("id", "rerank-simulated");
                json.WriteString("model", SimulatedModel.ModelName);
                json.WritePropertyName("results");
            }

            json.WriteStartArray();
            foreach ((int index, double score) in sorted)
            {
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteNumber(isTei ? "score" : "relevance_score", score);
                if (hasText && isTei)
                {
                    json.WriteString("text", documents[index]);
                }
                else if (hasText)
                {
                    json.WriteStartObject("document");
                    json.WriteString("text", documents[index]);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (!isTei)
            {
                WriteEnd(json);
            }
        }

        void WriteEnd(Utf8JsonWriter json)
        {
            if (isCohere)
            {
                json.WriteStartObject("meta");
                json.WriteStartObject("billed_units");
                json.WriteNumber("search_units", units);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            else
            {
                json.WriteStartObject("usage");
                json.WriteNumber("total_tokens", tokens);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }

    private static string[] Documents(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out JsonElement array)
            || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > 10_000)
        {
            throw new ArgumentException($"'{name}' must be an array of 1 to 10000 documents.");
        }

        return [.. array.EnumerateArray().Select(document => document.ValueKind == JsonValueKind.Object
            && document.TryGetProperty("text", out JsonElement text) ? text.ToString() : document.ToString())];
    }

    private static List<ChatMessage> Prompt(string query, string[] documents)
    {
        var text = new StringBuilder("<candidates>\n");
        for (int i = 0; i < documents.Length; i++)
        {
            string line = string.Join(' ', documents[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Replace("</", "< /", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"[D{i}] {line}\n");
        }

        text.Append("</candidates>\n<query>").Append(query.Replace("</", "< /", StringComparison.Ordinal)).Append("</query>");
        return [new ChatMessage(ChatRole.User, text.ToString())];
    }

    private static double[] Scores(string reply, int count)
    {
        double[] scores = new double[count];
        foreach (JsonElement grade in JsonElement.Parse(reply).GetProperty("grades").EnumerateArray())
        {
            int index = int.Parse(grade.GetProperty("id").GetString().AsSpan(1), CultureInfo.InvariantCulture);
            scores[index] = grade.GetProperty("grade").GetDouble() / Scale;
        }

        return scores;
    }
}
