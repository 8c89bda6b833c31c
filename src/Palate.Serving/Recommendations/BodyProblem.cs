using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Palate.Serving;

/// <summary>Says what is wrong with a JSON body in the words of the wire: which field, and what it expects.</summary>
internal static class BodyProblem
{
    private const string Unmapped = "could not be mapped";
    private const string Unconverted = "could not be converted";
    private const string Duplicate = "Duplicate property";
    private const string Missing = "missing required properties including: ";
    private const string Null = "null values";
    private const string Empty = "does not contain any JSON tokens";

    public static Problem Of(JsonException failure)
    {
        string? parameter = failure.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? path[2..]
            : null;
        return new Problem(StatusCodes.Status400BadRequest, Describe(failure.Message, parameter))
        {
            Parameter = parameter,
            Line = failure.LineNumber + 1,
            Position = failure.BytePositionInLine + 1,
        };
    }

    private static string Describe(string message, string? parameter)
    {
        if (parameter is not null && message.Contains(Unmapped, StringComparison.Ordinal))
        {
            return parameter.Contains('.', StringComparison.Ordinal)
                ? $"{parameter} is not a field that is read; {Whole(parameter)}"
                : $"{parameter} is not a field of this request; the fields are {RecommendBody.FieldNames}.";
        }

        if (message.Contains(Unconverted, StringComparison.Ordinal) || message.Contains(Null, StringComparison.Ordinal))
        {
            return parameter is null
                ? "The body is not a JSON object; send one like {\"user_id\":\"123\",\"top_k\":5}."
                : $"{parameter} must be {RecommendBody.Expected(parameter)}.";
        }

        int missing = message.IndexOf(Missing, StringComparison.Ordinal);
        if (parameter is not null && missing >= 0)
        {
            string fields = message[(missing + Missing.Length)..].TrimEnd('.');
            return $"{parameter} lacks {fields}; {Whole(parameter)}";
        }

        if (parameter is not null && message.StartsWith(Duplicate, StringComparison.Ordinal))
        {
            return $"{parameter} appears twice; give it once.";
        }

        if (message.Contains(Empty, StringComparison.Ordinal))
        {
            return "The body is empty; send one like {\"user_id\":\"123\",\"top_k\":5}.";
        }

        // The message ends with the path and the place, which are fields of the problem.
        int end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        int place = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        end = end < 0 || (place >= 0 && place < end) ? place : end;
        return $"The body is not valid JSON: {(end < 0 ? message : message[..end])}";
    }

    /// <summary>What the field of the body that a path begins with must hold.</summary>
    private static string Whole(string path)
    {
        string field = path.Split('.', '[')[0];
        return $"{field} must be {RecommendBody.Expected(field)}.";
    }
}
