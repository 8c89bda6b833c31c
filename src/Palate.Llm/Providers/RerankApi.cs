using System.Text.Json;

namespace Palate.Llm;

/// <summary>A cross-encoder behind a rerank interface: scores of documents for a query.</summary>
/// <remarks>
/// More documents than fit into one call go into several, at most some at once, and a call that the server finds too
/// large is halved. It neither retries nor limits the time. Every failure is a <see cref="ModelCallException"/>, and a
/// cancelled call an <see cref="OperationCanceledException"/>. Safe to use from any thread. The key appears in no message.
/// </remarks>
public sealed class RerankApi
{
    private const int CohereTokensPerDocument = 4096;

    private readonly RerankApiOptions _options;
    private readonly ProviderErrors _errors;
    private readonly Uri _address;
    private readonly string? _key;
    private volatile int _batch;

    /// <summary>A client for one provider.</summary>
    /// <exception cref="ArgumentException">An option is missing or wrong, or the key cannot be read.</exception>
    public RerankApi(RerankApiOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _address = options.Address();
        _key = options.ReadKey();
        _errors = new ProviderErrors(options.Name, _address, options.Key, _key, time ?? TimeProvider.System);
        _batch = options.BatchSize ?? options.Kind switch
        {
            RerankApiKind.Cohere => 1000,
            RerankApiKind.Jina => 500,
            RerankApiKind.Tei => 32,
            _ => 256,
        };
    }

    /// <summary>Scores documents for a query.</summary>
    /// <returns>A score for each document, in their order, higher is better; NaN where the server gave none.</returns>
    /// <exception cref="ModelCallException">The provider refused, failed, was not reached, or its reply is unusable.</exception>
    public async Task<double[]> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken stop = default) =>
        (await ScoreWithUsageAsync(query, documents, stop)).Scores;

    /// <summary>As <see cref="ScoreAsync"/>, with what it cost.</summary>
    public async Task<RerankScores> ScoreWithUsageAsync(
        string query, IReadOnlyList<string> documents, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        double[] scores = new double[documents.Count];
        scores.AsSpan().Fill(double.NaN);
        long tokens = 0;
        long units = 0;
        var batches = new List<(int Begin, int Count)>();
        int batch = _batch;
        for (int begin = 0; begin < documents.Count; begin += batch)
        {
            batches.Add((begin, Math.Min(batch, documents.Count - begin)));
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = stop };
        await Parallel.ForEachAsync(batches, limits, async (part, token) =>
            await ScoreBatchAsync(query, documents, part.Begin, part.Count, scores, AddUsage, token));
        return new RerankScores(scores, tokens, units);

        void AddUsage(long moreTokens, long moreUnits)
        {
            Interlocked.Add(ref tokens, moreTokens);
            Interlocked.Add(ref units, moreUnits);
        }
    }

    private async Task ScoreBatchAsync(
        string query,
        IReadOnlyList<string> documents,
        int begin,
        int count,
        double[] scores,
        Action<long, long> addUsage,
        CancellationToken stop)
    {
        ReadOnlyMemory<byte> reply;
        try
        {
            using HttpResponseMessage answer = await ProviderHttp.PostAsync(
                _address,
                Body(query, documents, begin, count),
                headers =>
                {
                    if (_key is not null)
                    {
                        headers.TryAddWithoutValidation("Authorization", "Bearer " + _key);
                    }
                },
                _errors,
                stop);
            await using Stream stream = await answer.Content.ReadAsStreamAsync(stop);
            reply = await ProviderHttp.ReadAsync(stream, _errors, stop);
        }
        catch (ModelCallException e) when (e.Kind == ModelCallFailure.Invalid && count > 1 && IsTooLarge(e.Message))
        {
            int half = (count + 1) / 2;
            _batch = Math.Min(_batch, half);
            await ScoreBatchAsync(query, documents, begin, half, scores, addUsage, stop);
            await ScoreBatchAsync(query, documents, begin + half, count - half, scores, addUsage, stop);
            return;
        }

        try
        {
            Read(reply, scores.AsSpan(begin, count), addUsage);
        }
        catch (JsonException e)
        {
            throw _errors.Malformed(e.Message, e);
        }
    }

    private static bool IsTooLarge(string message) =>
        message.Contains(" 413", StringComparison.Ordinal)
        || message.Contains("batch size", StringComparison.OrdinalIgnoreCase)
        || message.Contains("too many documents", StringComparison.OrdinalIgnoreCase);

    private ReadOnlyMemory<byte> Body(string query, IReadOnlyList<string> documents, int begin, int count)
    {
        using var buffer = new RentedBytes();
        using var json = new Utf8JsonWriter(buffer, OpenAIWire.Writing);
        json.WriteStartObject();
        if (_options.Model.Length > 0 && _options.Kind != RerankApiKind.Tei)
        {
            json.WriteString("model", _options.Model);
        }

        json.WriteString("query", Bounded(query));
        json.WriteStartArray(_options.Kind == RerankApiKind.Tei ? "texts" : "documents");
        for (int i = begin; i < begin + count; i++)
        {
            json.WriteStringValue(Bounded(documents[i]));
        }

        json.WriteEndArray();
        switch (_options.Kind)
        {
            case RerankApiKind.Cohere:
                json.WriteNumber("max_tokens_per_doc", CohereTokensPerDocument);
                break;
            case RerankApiKind.Jina:
                json.WriteBoolean("return_documents", false);
                json.WriteBoolean("truncation", true);
                break;
            case RerankApiKind.Tei:
                json.WriteBoolean("raw_scores", false);
                json.WriteBoolean("return_text", false);
                json.WriteBoolean("truncate", true);
                break;
            default:
                json.WriteNumber("truncate_prompt_tokens", -1);
                break;
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.ToArray();
    }

    // Servers refuse the empty text, so it becomes a space; a pair is never cut in half.
    private ReadOnlySpan<char> Bounded(string text)
    {
        if (text.Length == 0)
        {
            return " ";
        }

        ReadOnlySpan<char> kept = text.AsSpan(0, Math.Min(text.Length, _options.MaxCharacters));
        return kept.Length < text.Length && kept.Length > 1 && char.IsHighSurrogate(kept[^1]) ? kept[..^1] : kept;
    }

    private void Read(ReadOnlyMemory<byte> reply, Span<double> scores, Action<long, long> addUsage)
    {
        using var document = JsonDocument.Parse(reply);
        JsonElement root = document.RootElement;
        JsonElement results = root.ValueKind == JsonValueKind.Array
            ? root
            : OpenAIWire.Object(root, "results", JsonValueKind.Array) ?? throw new JsonException("it has no results");
        string name = _options.Kind == RerankApiKind.Tei ? "score" : "relevance_score";
        foreach (JsonElement result in results.EnumerateArray())
        {
            if (OpenAIWire.Number(result, "index") is not { } index || index < 0 || index >= scores.Length
                || !double.IsNaN(scores[(int)index]))
            {
                throw new JsonException("a result has no index, one out of range, or one that was there before");
            }

            if (OpenAIWire.Object(result, name, JsonValueKind.Number) is not { } value
                || !value.TryGetDouble(out double score) || !double.IsFinite(score))
            {
                throw new JsonException($"result {index} has no score");
            }

            scores[(int)index] = score;
        }

        JsonElement? usage = OpenAIWire.Object(root, "usage", JsonValueKind.Object);
        JsonElement? meta = OpenAIWire.Object(root, "meta", JsonValueKind.Object);
        JsonElement? billed = meta is { } told ? OpenAIWire.Object(told, "billed_units", JsonValueKind.Object) : null;
        addUsage(OpenAIWire.Number(usage, "total_tokens") ?? 0, OpenAIWire.Number(billed, "search_units") ?? 0);
    }
}
