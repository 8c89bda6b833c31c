using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Palate.Simulation;

/// <summary>The course of one call of the simulated provider: its fault, the wait, the bytes, and the entry in the books.</summary>
internal sealed class SimulatedCall(SimulationOptions options, SimulatedFaults faults, SimulationBooks books)
{
    private static readonly byte[] Garbage = [.. "\u007fELF<html>{\"choices\": [[["u8, 0xff, 0xfe, 0x00, .. "}}}"u8];

    /// <summary>Answers a call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="answer">
    /// Reads the body and says what to answer; an <see cref="ArgumentException"/> or a <see cref="JsonException"/> is a 400.
    /// </param>
    public async Task RunAsync(HttpContext context, Func<JsonElement, SimulatedFault, Answer> answer)
    {
        Answer reply;
        SimulatedFault fault;
        try
        {
            fault = faults.Next(context.Request);
            using JsonDocument body = await JsonDocument.ParseAsync(
                context.Request.Body, cancellationToken: context.RequestAborted);
            if (!HasKey(context.Request))
            {
                books.AddFailed();
                await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Incorrect API key provided.");
                return;
            }

            if (fault.Status > 0)
            {
                books.AddFailed();
                if (fault.RetryAfter is { } seconds)
                {
                    context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                }

                await RefuseAsync(context, fault.Status, "This failure was asked for.");
                return;
            }

            reply = answer(body.RootElement, fault);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or BadHttpRequestException)
        {
            books.AddFailed();
            await RefuseAsync(
                context, (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, e.Message);
            return;
        }

        if (reply.Refusal is { } refusal)
        {
            books.AddFailed();
            await RefuseAsync(context, refusal.Status, refusal.Message);
            return;
        }

        await FailOrWriteAsync(context, fault, reply);
    }

    /// <summary>Writes an error as OpenAI does.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteJsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", message);
            json.WriteString("type", status switch
            {
                429 => "rate_limit_error",
                >= 500 => "server_error",
                _ => "invalid_request_error",
            });
            json.WriteNull("param");
            json.WriteNull("code");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Writes JSON with its length.</summary>
    public static async Task WriteJsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        byte[] body = Json(write);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>JSON as bytes.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A server-sent event as bytes.</summary>
    public static byte[] Event(string? name, Action<Utf8JsonWriter> write) =>
        [.. Encoding.UTF8.GetBytes(name is null ? "" : "event: " + name + "\n"), .. "data: "u8, .. Json(write), .. "\n\n"u8];

    private async Task FailOrWriteAsync(HttpContext context, SimulatedFault fault, Answer reply)
    {
        CancellationToken gone = context.RequestAborted;
        SimulationTotals whole = reply.Bill(reply.Reply.Usage.OutputTokenCount ?? 0);
        switch (fault.Word)
        {
            case "hang":
                books.AddFailed();
                await NeverAsync(gone);
                return;
            case "close":
                books.AddFailed();
                context.Abort();
                return;
            case "garbage" or "empty":
                books.AddFailed();
                context.Response.ContentType = "application/json";
                await context.Response.Body.WriteAsync(fault.Word == "empty" ? [] : Garbage, gone);
                return;
            case "cut":
                books.Add(whole, isFinished: false);
                // Fewer bytes than announced: the server sends them and closes. An abort might overtake what was written.
                byte[] all = Bytes(reply);
                context.Response.ContentType = reply.Whole is null ? "text/event-stream" : "application/json";
                context.Response.ContentLength = all.Length;
                await context.Response.Body.WriteAsync(all.AsMemory(0, all.Length / 2), gone);
                return;
            case "drip":
                await DripAsync(context, Bytes(reply), fault.Pause, whole);
                return;
            default:
                await WriteAsync(context, reply);
                return;
        }
    }

    private async Task DripAsync(HttpContext context, byte[] all, TimeSpan pause, SimulationTotals whole)
    {
        bool isFinished = false;
        try
        {
            for (int i = 0; i < all.Length; i++)
            {
                await context.Response.Body.WriteAsync(all.AsMemory(i, 1), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(pause, options.Time, context.RequestAborted);
            }

            isFinished = true;
        }
        catch (OperationCanceledException)
        {
            // The client has had enough.
        }
        finally
        {
            books.Add(whole, isFinished);
        }
    }

    // Whatever happens, the call is booked once: with what was generated until then.
    private async Task WriteAsync(HttpContext context, Answer reply)
    {
        CancellationToken gone = context.RequestAborted;
        SimulatedReply planned = reply.Reply;
        long output = 0;
        bool isFinished = false;
        try
        {
            if (reply.Whole is { } whole)
            {
                // A provider does not notice that nobody waits for a reply that comes in one piece.
                output = planned.Usage.OutputTokenCount ?? 0;
                await WaitAsync(planned.FirstTokenAfter + (planned.PerToken * output), gone);
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = whole.Length;
                await context.Response.Body.WriteAsync(whole, gone);
            }
            else
            {
                context.Response.ContentType = "text/event-stream";
                await WaitAsync(planned.FirstTokenAfter, gone);
                int piece = 0;
                foreach ((byte[] bytes, bool isPiece) in reply.Events)
                {
                    if (isPiece)
                    {
                        await WaitAsync(planned.PerToken * planned.PieceTokens[piece], gone);
                        output += planned.PieceTokens[piece++];
                    }

                    await context.Response.Body.WriteAsync(bytes, gone);
                    await context.Response.Body.FlushAsync(gone);
                }
            }

            isFinished = !gone.IsCancellationRequested;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone.
        }
        finally
        {
            books.Add(reply.Bill(output), isFinished);
        }
    }

    private bool HasKey(HttpRequest request) => options.RequiredKey is not { } key
        || request.Headers.Authorization.ToString() == "Bearer " + key
        || request.Headers["x-api-key"].ToString() == key
        || request.Headers["api-key"].ToString() == key;

    private static byte[] Bytes(Answer reply) => reply.Whole ?? [.. reply.Events.SelectMany(one => one.Bytes)];

    private async Task WaitAsync(TimeSpan span, CancellationToken gone)
    {
        if (span > TimeSpan.Zero)
        {
            await Task.Delay(span, options.Time, gone);
        }
    }

    private static async Task NeverAsync(CancellationToken gone)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration end = gone.Register(never.SetResult);
        await never.Task;
    }

    /// <summary>What to write, in one piece or as events, and what it costs after so many tokens of reply.</summary>
    internal sealed record Answer
    {
        public required SimulatedReply Reply { get; init; }

        /// <summary>The whole body; null for events.</summary>
        public byte[]? Whole { get; init; }

        /// <summary>The events, and whether each carries a piece of the text.</summary>
        public IEnumerable<(byte[] Bytes, bool IsPiece)> Events { get; init; } = [];

        /// <summary>The bill for so many tokens of reply.</summary>
        public required Func<long, SimulationTotals> Bill { get; init; }

        /// <summary>Refuses instead of answering.</summary>
        public (int Status, string Message)? Refusal { get; init; }
    }
}
