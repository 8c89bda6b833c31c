using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Palate.Hosting;

namespace Palate.Serving;

/// <summary><c>GET /recommend</c>, short and fast, and <c>POST /recommend</c>, with all that can be asked.</summary>
internal sealed class RecommendResource(LiveGeneration live, ServiceMetrics metrics)
{
    private static readonly StringValues NoStore = "no-store";
    private static readonly JsonEncodedText UserIdName = JsonEncodedText.Encode("user_id");
    private static readonly JsonEncodedText RecommendationsName = JsonEncodedText.Encode("recommendations");
    private static readonly JsonEncodedText StatusName = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText Success = JsonEncodedText.Encode("success");
    private static readonly JsonEncodedText MetadataName = JsonEncodedText.Encode("metadata");
    private static readonly JsonEncodedText ModelVersionName = JsonEncodedText.Encode("model_version");
    private static readonly JsonEncodedText ModeName = JsonEncodedText.Encode("mode");
    private static readonly JsonEncodedText ReasonName = JsonEncodedText.Encode("reason");
    private static readonly JsonEncodedText ReasonCodeName = JsonEncodedText.Encode("reason_code");

    // One buffer per thread: an answer is written without an await, so nobody else can be in the middle of it.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? _scratch;

    public void Map(IEndpointRouteBuilder routes)
    {
        // As delegates the handlers get metadata for the document; they read the request themselves.
        routes.MapGet("/recommend", (Delegate)Get)
            .WithName("Recommend")
            .WithTags("Recommendations")
            .WithSummary("Item ids for a user, best first")
            .Produces<RecommendAnswer>()
            .WithProblems();
        routes.MapPost("/recommend", (Delegate)Post)
            .WithName("RecommendInFull")
            .WithTags("Recommendations")
            .WithSummary("Recommended items with every stage's score, the mode and its reason")
            .Accepts<RecommendBody>("application/json")
            .Produces<Recommendation>()
            .WithProblems()
            .Produces<Problem>(StatusCodes.Status413PayloadTooLarge, Problem.ContentType)
            .Produces<Problem>(StatusCodes.Status415UnsupportedMediaType, Problem.ContentType);
    }

    private Task Get(HttpContext context)
    {
        ServedGeneration? generation = live.Current;
        if (generation is null)
        {
            return NotReady(context);
        }

        RecommendRequest request = RecommendQuery.Parse(context.Request.QueryString);
        ValueTask<Recommendation> answer = generation.RecommendAsync(request, context.RequestAborted);
        if (!answer.IsCompletedSuccessfully)
        {
            return Later(context, answer);
        }

        Write(context, answer.Result);
        return Task.CompletedTask;

        async Task Later(HttpContext context, ValueTask<Recommendation> answer) => Write(context, await answer);
    }

    private async Task Post(HttpContext context)
    {
        ServedGeneration? generation = live.Current;
        if (generation is null)
        {
            await NotReady(context);
            return;
        }

        CancellationToken stop = context.RequestAborted;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = RecommendLimits.MaxBodyBytes;
        }

        RecommendBody body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(context.Request.BodyReader, RecommendJson.Default.RecommendBody, stop)
                ?? throw new InvalidRequestException("body", "The body is null; send a JSON object.");
        }
        catch (JsonException failure)
        {
            await BodyProblem.Of(failure).WriteAsync(context);
            return;
        }

        Recommendation answer = await generation.RecommendAsync(body.ToRequest(generation.BudgetOf), stop);
        metrics.SetMode(context, answer.Mode.Name);
        context.Response.Headers.CacheControl = NoStore;
        await context.Response.WriteAsJsonAsync(
            answer, RecommendJson.Answers.Recommendation, "application/json", stop);
    }

    private void Write(HttpContext context, Recommendation answer)
    {
        metrics.SetMode(context, answer.Mode.Name);
        (ArrayBufferWriter<byte> bytes, Utf8JsonWriter json) = _scratch ??= NewScratch();
        bytes.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteString(UserIdName, answer.UserId);
        json.WriteStartArray(RecommendationsName);
        foreach (RecommendedItem item in answer.Items)
        {
            json.WriteStringValue(item.ItemId);
        }

        json.WriteEndArray();
        json.WriteString(StatusName, Success);
        json.WriteStartObject(MetadataName);
        json.WriteString(ModelVersionName, answer.Generation);
        json.WriteString(ModeName, answer.Mode.Name);
        json.WriteString(ReasonCodeName, answer.ReasonCode);
        json.WriteString(ReasonName, answer.Reason);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();

        // A known length spares the chunked encoding; the server flushes when the handler returns.
        HttpResponse response = context.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = NoStore;
        response.ContentLength = bytes.WrittenCount;
        response.BodyWriter.Write(bytes.WrittenSpan);
    }

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) NewScratch()
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        var options = new JsonWriterOptions { SkipValidation = true, Encoder = WireJson.Encoder };
        return (bytes, new Utf8JsonWriter(bytes, options));
    }

    private Task NotReady(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return new Problem(
            StatusCodes.Status503ServiceUnavailable,
            live.Trouble ?? "The service is loading its generation; ask again in a second.").WriteAsync(context);
    }
}
