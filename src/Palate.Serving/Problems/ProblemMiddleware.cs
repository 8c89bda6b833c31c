using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Palate.Serving;

/// <summary>The outermost step: turns every failure into a <see cref="Problem"/>, and counts the request.</summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, ServiceMetrics metrics, TimeProvider time, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        long start = time.GetTimestamp();
        try
        {
            await next(context);
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && IsEmpty(context.Response))
            {
                await OfStatus(context).WriteAsync(context);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (InvalidRequestException failure)
        {
            await new Problem(StatusCodes.Status400BadRequest, failure.Message)
            {
                Parameter = failure.Parameter,
            }.WriteAsync(context);
        }
        catch (BadHttpRequestException failure)
        {
            await OfBadRequest(context, failure).WriteAsync(context);
        }
        catch (Exception failure)
        {
            LogFailure(failure, context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
            {
                throw;
            }

            await new Problem(
                StatusCodes.Status500InternalServerError,
                "The request failed inside the service; its log has the cause.").WriteAsync(context);
        }
        finally
        {
            string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            metrics.Count(context, route, time.GetElapsedTime(start));
        }
    }

    private static bool IsEmpty(HttpResponse response) =>
        !response.HasStarted && response.ContentLength is null && response.ContentType is null;

    private static Problem OfStatus(HttpContext context)
    {
        int status = context.Response.StatusCode;
        string detail = status switch
        {
            StatusCodes.Status404NotFound =>
                $"There is nothing at {context.Request.Path}; /openapi/v1.json describes every route.",
            StatusCodes.Status405MethodNotAllowed =>
                $"{context.Request.Path} does not answer {context.Request.Method}; "
                + $"use {context.Response.Headers.Allow}.",
            StatusCodes.Status415UnsupportedMediaType =>
                $"The body's type is '{context.Request.ContentType}'; send 'content-type: application/json'.",
            _ => $"The request ended with status {status}.",
        };
        return new Problem(status, detail);
    }

    private static Problem OfBadRequest(HttpContext context, BadHttpRequestException failure) =>
        new(
            failure.StatusCode,
            failure.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body is longer than {context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes; "
                    + "send a shorter session or exclude list."
                : failure.Message);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(Exception failure, string method, string path);
}
