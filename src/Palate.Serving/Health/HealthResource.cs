using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Palate.Hosting;

namespace Palate.Serving;

/// <summary><c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: it can recommend.</summary>
internal static class HealthResource
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live)
            .WithName("Live")
            .WithTags("Health")
            .WithSummary("200 as long as the process answers")
            .Produces<HealthAnswer>();
        routes.MapGet("/health/ready", Ready)
            .WithName("Ready")
            .WithTags("Health")
            .WithSummary("200 when a generation is loaded, 503 with the reason until then")
            .Produces<HealthAnswer>()
            .Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Live() => Results.Json(new HealthAnswer("live"), HealthJson.Answers.HealthAnswer);

    private static IResult Ready(LiveGeneration live, LiveLearning learning)
    {
        ServedGeneration? current = live.Current;
        string? trouble = live.Trouble;
        if (current is null)
        {
            return Results.Json(
                new HealthAnswer("not_ready", Reason: trouble),
                HealthJson.Answers.HealthAnswer,
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        trouble = learning.Trouble is { } refused ? $"{trouble} {refused}".TrimStart() : trouble;
        string status = trouble is null ? "ready" : "degraded";
        return Results.Json(new HealthAnswer(status, current.Name, trouble), HealthJson.Answers.HealthAnswer);
    }
}
