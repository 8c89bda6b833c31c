using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;

namespace Palate.Simulation;

/// <summary><c>POST /v1/messages</c> of the simulated provider, as Anthropic has it.</summary>
/// <remarks>
/// Without a mark for its cache nothing is read from it or written to it. With one, all full blocks of the prompt that
/// were not there are written: simpler than the original, which writes up to the mark.
/// </remarks>
internal sealed class MessagesResource(SimulatedCall calls, SimulatedModel model, SimulationOptions settings)
{
    private const int BlockTokens = 16;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/v1/messages", (RequestDelegate)(context => calls.RunAsync(context, Answer)));

    private SimulatedCall.Answer Answer(JsonElement body, SimulatedFault fault)
    {
        List<ChatMessage> messages = SimulatedBody.Messages(body);
        if (body.TryGetProperty("system", out JsonElement system))
        {
            messages.Insert(0, new ChatMessage(ChatRole.System, SimulatedBody.Text(system)));
        }

        if (SimulatedBody.Number(body, "max_tokens") is not { } most || most < 1)
        {
            throw new ArgumentException("max_tokens: Field required");
        }

        SimulatedReply reply = model.Reply(messages, new ChatOptions
        {
            MaxOutputTokens = most,
            StopSequences = SimulatedBody.Stops(body, "stop_sequences"),
            ResponseFormat = Format(body),
        });
        if (fault.Word == "refuse")
        {
            reply = SimulatedBody.Refused(reply, "I'm sorry, but I can't help with that.");
        }

        long input = reply.Usage.InputTokenCount ?? 0;
        bool isMarked = body.GetRawText().Contains("\"cache_control\"", StringComparison.Ordinal);
        long read = isMarked ? reply.Usage.CachedInputTokenCount ?? 0 : 0;
        long written = isMarked ? ((input - read) / BlockTokens) * BlockTokens : 0;
        bool isStream = SimulatedBody.Flag(body, "stream");
        return new SimulatedCall.Answer
        {
            Reply = reply,
            Whole = isStream ? null : SimulatedCall.Json(json =>
            {
                WriteHead(json);
                json.WriteStartArray("content");
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", reply.Text);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteString("stop_reason", Stop(reply));
                WriteUsage(json, reply.Usage.OutputTokenCount ?? 0);
                json.WriteEndObject();
            }),
            Events = isStream ? Events(reply, WriteUsage) : [],
            Bill = output => new SimulationTotals(1, input, read, written, output, 0),
        };

        void WriteUsage(Utf8JsonWriter json, long output)
        {
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", input - read - written);
            json.WriteNumber("cache_creation_input_tokens", written);
            json.WriteNumber("cache_read_input_tokens", read);
            json.WriteNumber("output_tokens", output);
            json.WriteEndObject();
        }
    }

    private ChatResponseFormatJson? Format(JsonElement body)
    {
        if (!body.TryGetProperty("output_config", out JsonElement config)
            || !config.TryGetProperty("format", out JsonElement format)
            || !format.TryGetProperty("schema", out JsonElement schema))
        {
            return null;
        }

        return settings.TakesSchema
            ? ChatResponseFormat.ForJsonSchema(schema.Clone())
            : throw new ArgumentException("output_config.format: this model does not support structured outputs");
    }

    private static IEnumerable<(byte[] Bytes, bool IsPiece)> Events(
        SimulatedReply reply, Action<Utf8JsonWriter, long> writeUsage)
    {
        yield return (Event("message_start", json =>
        {
            json.WritePropertyName("message");
            WriteHead(json);
            json.WriteStartArray("content");
            json.WriteEndArray();
            json.WriteNull("stop_reason");
            writeUsage(json, 1);
            json.WriteEndObject();
        }), false);
        yield return (Event("content_block_start", json =>
        {
            json.WriteNumber("index", 0);
            json.WriteStartObject("content_block");
            json.WriteString("type", "text");
            json.WriteString("text", "");
            json.WriteEndObject();
        }), false);
        foreach (string piece in reply.Pieces)
        {
            yield return (Event("content_block_delta", json =>
            {
                json.WriteNumber("index", 0);
                json.WriteStartObject("delta");
                json.WriteString("type", "text_delta");
                json.WriteString("text", piece);
                json.WriteEndObject();
            }), true);
        }

        yield return (Event("content_block_stop", json => json.WriteNumber("index", 0)), false);
        yield return (Event("message_delta", json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", Stop(reply));
            json.WriteEndObject();
            json.WriteStartObject("usage");
            json.WriteNumber("output_tokens", reply.Usage.OutputTokenCount ?? 0);
            json.WriteEndObject();
        }), false);
        yield return (Event("message_stop", _ => { }), false);
    }

    private static byte[] Event(string type, Action<Utf8JsonWriter> write) => SimulatedCall.Event(type, json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        write(json);
        json.WriteEndObject();
    });

    private static void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", "msg_simulated");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", SimulatedModel.ModelName);
    }

    private static string Stop(SimulatedReply reply) =>
        reply.FinishReason == ChatFinishReason.Length ? "max_tokens" : "end_turn";
}
