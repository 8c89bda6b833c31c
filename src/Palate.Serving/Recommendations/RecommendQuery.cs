using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Palate.Serving;

/// <summary>Reads the query string of <c>GET /recommend</c> without building a dictionary of it.</summary>
internal static class RecommendQuery
{
    /// <summary>The request that a query string means.</summary>
    /// <exception cref="InvalidRequestException">
    /// A parameter is missing, unknown, repeated or out of its limits.
    /// </exception>
    public static RecommendRequest Parse(QueryString query)
    {
        string? user = null;
        string? text = null;
        string? pipeline = null;
        int? count = null;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query.Value))
        {
            string value = pair.DecodeValue().ToString();
            switch (pair.DecodeName().Span)
            {
                case "user_id":
                    user = Once("user_id", user, value);
                    break;
                case "top_k":
                    count = Count("top_k", count, value);
                    break;
                case "topk":
                    count = Count("topk", count, value);
                    break;
                case "query":
                    text = Once("query", text, value);
                    break;
                case "pipeline":
                    pipeline = Once("pipeline", pipeline, value);
                    break;
                case var unknown:
                    throw Unknown(unknown.ToString());
            }
        }

        if (string.IsNullOrEmpty(user))
        {
            throw new InvalidRequestException(
                "user_id", "user_id is missing; give one, or POST without it for somebody unknown.");
        }

        var request = new RecommendRequest
        {
            UserId = user,
            Count = count ?? RecommendLimits.Count("top_k", null),
            Query = text,
            Pipeline = pipeline,
        };
        request.Validate();
        return request;
    }

    private static string Once(string parameter, string? before, string value) =>
        before is null
            ? value
            : throw new InvalidRequestException(parameter, $"{parameter} appears twice; give it once.");

    private static int Count(string parameter, int? before, string value)
    {
        if (before is not null)
        {
            throw new InvalidRequestException(parameter, $"{parameter} is given twice; give it once.");
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? RecommendLimits.Count(parameter, count)
            : throw new InvalidRequestException(
                parameter,
                $"{parameter} is '{Shown(value)}'; give a whole number from 1 to {RecommendRequest.MaxCount}.");
    }

    private static InvalidRequestException Unknown(string name) =>
        new(
            Shown(name),
            $"'{Shown(name)}' is not a parameter of this route; "
            + "the parameters are user_id, top_k (or topk), query, pipeline.");

    // A message repeats what the caller sent, but not without end.
    private static string Shown(string value) => value.Length <= 100 ? value : $"{value.AsSpan(0, 100)}...";
}
