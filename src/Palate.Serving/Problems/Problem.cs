using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Palate.Serving;

/// <summary>A failure on the wire: RFC 9457 problem details with the offending parameter and its place.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was wrong, the value, and what to do.</param>
internal sealed record Problem(int Status, string Detail)
{
    public const string ContentType = "application/problem+json";

    /// <summary>Always <c>about:blank</c>: the status says what kind of problem it is.</summary>
    [JsonPropertyOrder(-2)]
    public string Type { get; } = "about:blank";

    /// <summary>The status in words.</summary>
    [JsonPropertyOrder(-1)]
    public string Title { get; } = ReasonPhrases.GetReasonPhrase(Status);

    /// <summary>The query parameter or the path of the body's field that is wrong; null when none is.</summary>
    public string? Parameter { get; init; }

    /// <summary>The 1-based line of the body where reading ended; null when the body was not read.</summary>
    public long? Line { get; init; }

    /// <summary>The 1-based byte within the line.</summary>
    public long? Position { get; init; }

    /// <summary>Sends the problem, unless an answer is already on its way.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = Status;
        await context.Response.WriteAsJsonAsync(
            this, ProblemJson.Answers.Problem, ContentType, context.RequestAborted);
    }
}
