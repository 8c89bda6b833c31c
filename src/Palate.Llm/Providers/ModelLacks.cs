using System.Collections.Concurrent;

namespace Palate.Llm;

/// <summary>What a server was found not to understand, remembered for each of its models.</summary>
internal sealed class ModelLacks
{
    private readonly ConcurrentDictionary<string, Part> _byModel = new(StringComparer.Ordinal);

    /// <summary>Parts of a request that a server may not know.</summary>
    [Flags]
    internal enum Part
    {
        None = 0,
        Schema = 1,
        JsonMode = 2,
        Temperature = 4,
        LogProbabilities = 8,
        MaxTokensName = 16,
        StreamUsage = 32,
        Seed = 64,
        CacheHints = 128,
    }

    public Part Of(string model) => _byModel.GetValueOrDefault(model);

    public ReplyForm Form(string model)
    {
        Part lacks = Of(model);
        return !lacks.HasFlag(Part.Schema) ? ReplyForm.Schema
            : lacks.HasFlag(Part.JsonMode) ? ReplyForm.Text
            : ReplyForm.Json;
    }

    /// <summary>
    /// Reads off the words of a refusal (400 or 422) which part of the request it is about, and remembers it; false when
    /// none that was sent.
    /// </summary>
    public bool Learn(string model, Part sent, string words)
    {
        Part about = About(words.ToLowerInvariant());
        Part found = (about & sent) switch
        {
            Part.Schema | Part.JsonMode => Part.Schema,
            Part both => both,
        };
        if (found == Part.None)
        {
            return false;
        }

        _byModel.AddOrUpdate(model, found, (_, known) => known | found);
        return true;
    }

    private static Part About(string words)
    {
        Part about = Part.None;
        if (Has("response_format", "json_schema", "json_object", "json mode", "schema", "structured", "grammar",
            "output_config", "output_format"))
        {
            about |= Part.Schema | Part.JsonMode;
        }

        about |= Has("temperature") ? Part.Temperature : Part.None;
        about |= Has("logprob") ? Part.LogProbabilities : Part.None;
        about |= Has("max_tokens", "max_completion_tokens")
            && Has("unsupported", "not supported", "unknown", "unrecognized", "extra", "unexpected", "not permitted")
            ? Part.MaxTokensName
            : Part.None;
        about |= Has("stream_options") ? Part.StreamUsage : Part.None;
        about |= Has("'seed'", "\"seed\"", "(seed)", "seed:") ? Part.Seed : Part.None;
        about |= Has("prompt_cache_key", "cache_salt", "cache_prompt", "id_slot", "cache_control", "cachepoint")
            ? Part.CacheHints
            : Part.None;
        return about;

        bool Has(params ReadOnlySpan<string> parts)
        {
            foreach (string part in parts)
            {
                if (words.Contains(part, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
