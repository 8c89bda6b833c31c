using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Palate.Llm;

/// <summary>Turns what goes wrong with a provider into the one exception that callers know, without its key.</summary>
internal sealed class ProviderErrors(string name, Uri address, string? keyReference, string? key, TimeProvider time)
{
    private const int MaxWords = 400;

    /// <summary>An answer with a status that is no success.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The beginning of the body.</param>
    /// <param name="header">Reads a header of the answer; null for none.</param>
    public ModelCallException Refused(int status, ReadOnlySpan<byte> body, Func<string, string?> header)
    {
        string words = Words(body);
        ModelCallFailure kind = status switch
        {
            401 or 403 => ModelCallFailure.Rejected,
            408 => ModelCallFailure.Timeout,
            429 => words.Contains("insufficient_quota", StringComparison.OrdinalIgnoreCase)
                ? ModelCallFailure.Rejected
                : ModelCallFailure.RateLimited,
            529 => ModelCallFailure.RateLimited,
            >= 500 => ModelCallFailure.Server,
            409 or 424 or 425 => ModelCallFailure.Server,
            _ => words.Contains("content_filter", StringComparison.OrdinalIgnoreCase)
                || words.Contains("content management policy", StringComparison.OrdinalIgnoreCase)
                ? ModelCallFailure.Refused
                : ModelCallFailure.Invalid,
        };
        string remedy = kind switch
        {
            ModelCallFailure.Rejected => keyReference is null
                ? "give a key that may use the model"
                : $"check the key in {keyReference}, and that it may use the model",
            ModelCallFailure.RateLimited => "lower the rate of calls",
            ModelCallFailure.Refused => "the provider's content filter declined the prompt",
            ModelCallFailure.Invalid => status == 404
                ? "check the endpoint and the model's name"
                : "check the model's name and the prompt's length",
            _ => "try again later; if it stays, look at the server's log",
        };

        // A server may quote the key when it refuses it, so then its words are not repeated.
        string said = status is 401 or 403 || words.Length == 0 ? "" : ": " + words;
        return new ModelCallException(kind, $"{Who} answered {status}{said}; {remedy}.", RetryAfter(header));
    }

    /// <summary>No answer, or none any more.</summary>
    public ModelCallException Unreachable(Exception cause) => new(
        ModelCallFailure.Network,
        $"{Who} could not be reached, or the connection broke ({Innermost(cause)}); check the endpoint and the network.",
        inner: cause);

    /// <summary>A reply that stopped in the middle.</summary>
    public ModelCallException Cut(Exception? cause = null) => new(
        ModelCallFailure.Server,
        $"The reply of {Who} stopped in the middle{(cause is null ? "" : " (" + Innermost(cause) + ")")}; try again later.",
        inner: cause);

    /// <summary>An error that was reported inside a reply that had begun.</summary>
    /// <param name="body">The error as the provider wrote it.</param>
    /// <param name="kind">What it is; null to read that off its words.</param>
    public ModelCallException Reported(ReadOnlySpan<byte> body, ModelCallFailure? kind = null) => new(
        kind ?? (body.IndexOf("overloaded"u8) >= 0 || body.IndexOf("rate_limit"u8) >= 0
            ? ModelCallFailure.RateLimited
            : ModelCallFailure.Server),
        $"{Who} reported an error in the middle of its reply: {Words(body)}; try again later.");

    /// <summary>Something that is no reply of this protocol.</summary>
    public ModelCallException Malformed(string why, Exception? cause = null) => new(
        ModelCallFailure.Malformed,
        $"The reply of {Who} is unusable: {why}; check that the endpoint speaks the configured protocol.",
        inner: cause);

    /// <summary>The error's words and code on one line, bounded, without the key.</summary>
    public string Words(ReadOnlySpan<byte> body)
    {
        string words = Encoding.UTF8.GetString(body);
        try
        {
            using var document = JsonDocument.Parse(words);
            words = Said(document.RootElement) ?? words;
        }
        catch (JsonException)
        {
            // Not JSON, or cut off: the plain beginning has to do.
        }

        var line = new StringBuilder();
        foreach (string part in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            line.Append(line.Length > 0 ? " " : "").Append(part);
        }

        if (key is not null)
        {
            line.Replace(key, "***");
        }

        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(line[i]) ? ' ' : line[i];
        }

        return line.Length <= MaxWords ? line.ToString() : line.ToString(0, MaxWords) + "...";
    }

    private string Who => $"The provider '{name}' ({address.Host}:{address.Port.ToString(CultureInfo.InvariantCulture)})";

    private static string? Said(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement error = root.TryGetProperty("error", out JsonElement inner) ? inner : root;
        if (error.ValueKind != JsonValueKind.Object)
        {
            return error.ToString();
        }

        var words = new List<string>();
        foreach (string part in (string[])["message", "Message", "detail", "type", "error_type", "param", "code"])
        {
            if (error.TryGetProperty(part, out JsonElement value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Array)
            {
                words.Add(words.Count > 0 ? "(" + value + ")" : value.ToString());
            }
        }

        return words.Count > 0 ? string.Join(' ', words) : null;
    }

    private TimeSpan? RetryAfter(Func<string, string?> header)
    {
        if (double.TryParse(header("retry-after-ms"), CultureInfo.InvariantCulture, out double milliseconds))
        {
            return Bounded(milliseconds / 1000);
        }

        string? after = header("Retry-After");
        return double.TryParse(after, CultureInfo.InvariantCulture, out double seconds) ? Bounded(seconds)
            : DateTimeOffset.TryParse(
                after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
                ? Bounded((at - time.GetUtcNow()).TotalSeconds)
                : null;
    }

    private static TimeSpan? Bounded(double seconds) => double.IsNaN(seconds)
        ? null
        : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 24 * 3600));

    private static string Innermost(Exception cause)
    {
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message;
    }
}
