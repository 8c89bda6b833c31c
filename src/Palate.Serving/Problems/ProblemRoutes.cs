using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Palate.Serving;

/// <summary>Declares the problems that every recommending route can answer with.</summary>
internal static class ProblemRoutes
{
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder route) =>
        route
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.ContentType)
            .Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.ContentType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType);
}
