using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Palate.Hosting;

namespace Palate.Serving;

/// <summary><c>GET /generations</c>: which generation answers, and which there are.</summary>
internal static class GenerationsResource
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/generations", List)
            .WithName("ListGenerations")
            .WithTags("Generations")
            .WithSummary("The generation that answers, and all that are published")
            .Produces<GenerationList>()
            .Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.ContentType);

    private static IResult List(LiveGeneration live, GenerationFeed feed) =>
        Results.Json(
            new GenerationList(
                live.Current?.Name,
                feed.CurrentName(),
                [.. feed.List().Select(one => new GenerationEntry(one.Name, one.CreatedAt, one.DataHash))]),
            GenerationJson.Answers.GenerationList);
}
