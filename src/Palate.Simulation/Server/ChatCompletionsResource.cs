using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Palate.Llm;

namespace Palate.Simulation;

/// <summary><c>POST /v1/chat/completions</c> of the simulated provider.</summary>
internal sealed class ChatCompletionsResource(SimulatedCall calls, SimulatedModel model, SimulationOptions settings)
{
    private const string Refusal = "I'm sorry, but I can't help with that.";

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/v1/chat/completions", (RequestDelegate)(context => calls.RunAsync(context, Answer)));

    private SimulatedCall.Answer Answer(JsonElement body, SimulatedFault fault)
    {
        List<ChatMessage> messages = SimulatedBody.Messages(body);
        ChatOptions options = Options(body);
        SimulatedReply reply = model.Reply(messages, options);
        if (fault.Word == "refuse")
        {
            reply = SimulatedBody.Refused(reply, Refusal);
        }

        bool isStream = SimulatedBody.Flag(body, "stream");
        bool hasUsage = body.TryGetProperty("stream_options", out JsonElement streaming)
            && SimulatedBody.Flag(streaming, "include_usage");
        bool hasProbabilities = SimulatedBody.Flag(body, "logprobs");
        UsageDetails usage = reply.Usage;
        return new SimulatedCall.Answer
        {
            Reply = reply,
            Whole = isStream ? null : SimulatedCall.Json(json => WriteWhole(json, reply, hasProbabilities)),
            Events = isStream ? Events(reply, hasUsage, hasProbabilities) : [],
            Bill = output => new SimulationTotals(
                1, usage.InputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, 0, output, 0),
        };
    }

    private ChatOptions Options(JsonElement body)
    {
        int? most = SimulatedBody.Number(body, "max_completion_tokens") ?? SimulatedBody.Number(body, "max_tokens");
        if (most is < 1)
        {
            throw new ArgumentException("max_tokens must be 1 or more.");
        }

        var options = new ChatOptions
        {
            MaxOutputTokens = most,
            StopSequences = SimulatedBody.Stops(body, "stop"),
            Seed = SimulatedBody.Number(body, "seed"),
            ResponseFormat = Format(body),
        };
        int top = SimulatedBody.Flag(body, "logprobs") ? Math.Max(1, SimulatedBody.Number(body, "top_logprobs") ?? 1) : 0;
        if (top > 20)
        {
            throw new ArgumentException("top_logprobs must be 0 to 20.");
        }

        string? salt = body.TryGetProperty("cache_salt", out JsonElement given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()
            : null;
        new CallContext { TopLogProbabilities = top, CacheSalt = salt }.AddTo(options);
        return options;
    }

    private ChatResponseFormatJson? Format(JsonElement body)
    {
        if (!body.TryGetProperty("response_format", out JsonElement format) || format.ValueKind != JsonValueKind.Object
            || !format.TryGetProperty("type", out JsonElement type))
        {
            return null;
        }

        JsonElement schema = default;
        bool hasSchema = (format.TryGetProperty("json_schema", out JsonElement named)
                && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("schema", out schema))
            || format.TryGetProperty("value", out schema);
        if (type.ValueEquals("json_schema") || hasSchema)
        {
            if (!settings.TakesSchema)
            {
                throw new ArgumentException("'response_format' of type 'json_schema' is not supported by this model.");
            }

            return hasSchema
                ? ChatResponseFormat.ForJsonSchema(schema.Clone())
                : throw new ArgumentException("'response_format' has no schema.");
        }

        if (!type.ValueEquals("json_object"))
        {
            return null;
        }

        return settings.TakesJsonMode
            ? ChatResponseFormat.Json
            : throw new ArgumentException("'response_format' of type 'json_object' is not supported by this model.");
    }

    private static IEnumerable<(byte[] Bytes, bool IsPiece)> Events(
        SimulatedReply reply, bool hasUsage, bool hasProbabilities)
    {
        yield return (Chunk(json =>
        {
            json.WriteString("role", "assistant");
            json.WriteString("content", "");
        }), false);
        for (int piece = 0; piece < reply.Pieces.Count; piece++)
        {
            string text = reply.Pieces[piece];
            yield return (Chunk(
                json => json.WriteString("content", text),
                probabilities: hasProbabilities && piece == 0 ? reply : null), true);
        }

        yield return (Chunk(_ => { }, Finish(reply)), false);
        if (hasUsage)
        {
            yield return (SimulatedCall.Event(null, json =>
            {
                WriteHead(json, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                WriteUsage(json, reply.Usage);
                json.WriteEndObject();
            }), false);
        }

        yield return ("data: [DONE]\n\n"u8.ToArray(), false);
    }

    private static byte[] Chunk(Action<Utf8JsonWriter> delta, string? finish = null, SimulatedReply? probabilities = null) =>
        SimulatedCall.Event(null, json =>
        {
            WriteHead(json, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", 0);
            json.WriteStartObject("delta");
            delta(json);
            json.WriteEndObject();
            WriteProbabilities(json, probabilities);
            json.WriteString("finish_reason", finish);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void WriteWhole(Utf8JsonWriter json, SimulatedReply reply, bool hasProbabilities)
    {
        WriteHead(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", reply.Text);
        json.WriteEndObject();
        WriteProbabilities(json, hasProbabilities ? reply : null);
        json.WriteString("finish_reason", Finish(reply));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, reply.Usage);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, string what)
    {
        json.WriteStartObject();
        json.WriteString("id", "chatcmpl-simulated");
        json.WriteString("object", what);
        json.WriteNumber("created", 0);
        json.WriteString("model", SimulatedModel.ModelName);
    }

    private static string Finish(SimulatedReply reply) =>
        reply.FinishReason == ChatFinishReason.Length ? "length" : "stop";

    private static void WriteProbabilities(Utf8JsonWriter json, SimulatedReply? reply)
    {
        if (reply is null || reply.FirstTokens.Count == 0)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        json.WriteStartObject();
        WriteToken(reply.FirstTokens[0]);
        json.WriteStartArray("top_logprobs");
        foreach (TokenProbability token in reply.FirstTokens)
        {
            json.WriteStartObject();
            WriteToken(token);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();

        void WriteToken(TokenProbability token)
        {
            json.WriteString("token", token.Token);
            json.WriteNumber("logprob", token.LogProbability);
        }
    }

    private static void WriteUsage(Utf8JsonWriter json, UsageDetails usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.InputTokenCount ?? 0);
        json.WriteNumber("completion_tokens", usage.OutputTokenCount ?? 0);
        json.WriteNumber("total_tokens", usage.TotalTokenCount ?? 0);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedInputTokenCount ?? 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
