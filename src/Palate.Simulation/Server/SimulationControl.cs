using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Palate.Simulation;

/// <summary><c>POST /control</c> orders faults, <c>GET /books</c> tells what was billed, <c>GET /v1/models</c> what there is.</summary>
internal sealed class SimulationControl(SimulatedFaults faults, SimulationBooks books)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/control", (RequestDelegate)ControlAsync);
        routes.MapGet("/books", (RequestDelegate)BooksAsync);
        routes.MapGet("/v1/models", (RequestDelegate)ModelsAsync);
        routes.MapGet("/health", (RequestDelegate)(context => context.Response.WriteAsync("ok")));
    }

    private async Task ControlAsync(HttpContext context)
    {
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(
                context.Request.Body, cancellationToken: context.RequestAborted);
            JsonElement root = body.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new ArgumentException("The body is no object; send {\"fault\":\"500\",\"calls\":5}.");
            }

            string fault = root.TryGetProperty("fault", out JsonElement named) && named.ValueKind == JsonValueKind.String
                ? named.GetString()!
                : "";
            long calls = root.TryGetProperty("calls", out JsonElement count) && count.ValueKind == JsonValueKind.Number
                && count.TryGetInt64(out long number) && number >= 0 ? number : long.MaxValue;
            faults.Order(SimulatedFault.Parse(fault), calls);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            await SimulatedCall.RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private Task BooksAsync(HttpContext context) => SimulatedCall.WriteJsonAsync(context, json =>
    {
        json.WriteStartObject();
        Write("finished", books.Finished);
        Write("unfinished", books.Unfinished);
        json.WriteNumber("failed", books.Failed);
        json.WriteEndObject();

        void Write(string name, SimulationTotals totals)
        {
            json.WriteStartObject(name);
            json.WriteNumber("calls", totals.Calls);
            json.WriteNumber("input_tokens", totals.InputTokens);
            json.WriteNumber("cached_tokens", totals.CachedTokens);
            json.WriteNumber("cache_write_tokens", totals.CacheWriteTokens);
            json.WriteNumber("output_tokens", totals.OutputTokens);
            json.WriteNumber("search_units", totals.SearchUnits);
            json.WriteEndObject();
        }
    });

    private static Task ModelsAsync(HttpContext context) => SimulatedCall.WriteJsonAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        json.WriteStartObject();
        json.WriteString("id", SimulatedModel.ModelName);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", "palate");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
