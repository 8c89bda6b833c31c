using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Embeddings from any server that speaks <c>POST /v1/embeddings</c>.</summary>
/// <remarks>
/// Texts go in batches, one after the other; vectors come back in the order of the texts, whatever the server's order.
/// It neither retries nor caches: wrap it for that. The client stays the caller's, with its time-out. Safe to use from
/// any thread. The key is sent in the header only and appears in no message.
/// </remarks>
public sealed class OpenAICompatibleEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int MaxErrorCharacters = 400;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _client;
    private readonly OpenAICompatibleEmbeddingOptions _options;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>A generator for one server and model.</summary>
    /// <exception cref="InvalidOperationException">The environment variable of the key is not set.</exception>
    public OpenAICompatibleEmbeddingGenerator(HttpClient client, OpenAICompatibleEmbeddingOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _client = client;
        _options = options;
        string root = options.Endpoint.AbsoluteUri.TrimEnd('/');
        _address = new Uri(root + (root.EndsWith("/v1", StringComparison.Ordinal) ? "/embeddings" : "/v1/embeddings"));
        _authorization = options.ReadKey() is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        _metadata = new EmbeddingGeneratorMetadata(
            "openai-compatible", options.Endpoint, options.Model, options.Dimensions);
    }

    /// <inheritdoc/>
    /// <exception cref="EmbeddingException">The server refused, failed, was not reached, or its answer is unusable.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string model = options?.ModelId ?? _options.Model;
        int? dimensions = options?.Dimensions ?? _options.Dimensions;
        var all = new GeneratedEmbeddings<Embedding<float>>();
        foreach (string[] texts in values.Chunk(_options.BatchSize))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address);
            request.Headers.Authorization = _authorization;
            request.Content = Body(texts, model, dimensions);
            using JsonDocument answer = await SendAsync(request, model, cancellationToken);
            Read(answer.RootElement, texts.Length, model, all);
        }

        if (all.Any(embedding => embedding.Vector.Length != all[0].Vector.Length))
        {
            throw Unusable("its vectors differ in length");
        }

        return all;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to release: the client is the caller's.</summary>
    public void Dispose()
    {
    }

    private ByteArrayContent Body(string[] texts, string model, int? dimensions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteStartArray("input");
            foreach (string text in texts)
            {
                writer.WriteStringValue(Bounded(text));
            }

            writer.WriteEndArray();
            writer.WriteString("encoding_format", _options.Base64 ? "base64" : "float");
            if (dimensions is { } length)
            {
                writer.WriteNumber("dimensions", length);
            }

            writer.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    // Cut to the bound, broken surrogates replaced; servers refuse the empty text, so it becomes a space.
    private string Bounded(string text)
    {
        if (text.Length == 0)
        {
            return " ";
        }

        ReadOnlySpan<char> kept = text.AsSpan(0, Math.Min(text.Length, _options.MaxCharacters));
        if (kept.Length < text.Length && kept.Length > 1 && char.IsHighSurrogate(kept[^1]))
        {
            kept = kept[..^1];
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept.ToArray()));
    }

    private async Task<JsonDocument> SendAsync(HttpRequestMessage request, string model, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (!response.IsSuccessStatusCode)
            {
                throw await RefusedAsync(response, model, stop);
            }

            await using Stream body = await response.Content.ReadAsStreamAsync(stop);
            return await JsonDocument.ParseAsync(body, cancellationToken: stop);
        }
        catch (JsonException e)
        {
            throw Unusable("it is no JSON (" + e.Message + ")", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new EmbeddingException(
                $"The embedding server {_address} did not answer within {_client.Timeout.TotalSeconds:0.#} s; "
                + "raise the time-out or lower BatchSize.",
                inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EmbeddingException(
                $"The embedding server {_address} could not be reached ({e.Message}); check the endpoint and the network.",
                inner: e);
        }
    }

    private async Task<EmbeddingException> RefusedAsync(HttpResponseMessage response, string model, CancellationToken stop)
    {
        HttpStatusCode status = response.StatusCode;
        string remedy = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => _options.ApiKeyVariable is { } variable
                ? $"check the key in the environment variable '{variable}'"
                : _authorization is null ? "give a key" : "check the key",
            HttpStatusCode.NotFound => $"check the endpoint and that it serves the model '{model}'",
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
                "check the model's name, Dimensions and MaxCharacters",
            HttpStatusCode.RequestEntityTooLarge => "lower BatchSize or MaxCharacters",
            HttpStatusCode.TooManyRequests => "wait, or lower the rate of calls",
            >= HttpStatusCode.InternalServerError => "try again later; if it stays, look at the server's log",
            _ => "look at the server's log",
        };

        // A server may quote the key when it refuses it, so then its words are not repeated.
        string words = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? ""
            : await WordsAsync(response, stop);
        if (_authorization?.Parameter is { Length: > 0 } key)
        {
            words = words.Replace(key, "***", StringComparison.Ordinal);
        }

        return new EmbeddingException(
            $"The embedding server {_address} answered {(int)status} {status}{(words.Length > 0 ? ": " + words : "")}; "
            + $"{remedy}.",
            status)
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    // The message in the error body, or the body's beginning, on one line.
    private static async Task<string> WordsAsync(HttpResponseMessage response, CancellationToken stop)
    {
        byte[] buffer = new byte[16 * 1024];
        await using Stream stream = await response.Content.ReadAsStreamAsync(stop);
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        string words = Encoding.UTF8.GetString(buffer, 0, length);
        try
        {
            using var document = JsonDocument.Parse(words);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out JsonElement error))
            {
                words = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out JsonElement message)
                    ? message.ToString()
                    : error.ToString();
            }
        }
        catch (JsonException)
        {
            // Not JSON, or cut off: the plain beginning has to do.
        }

        words = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= MaxErrorCharacters ? words : words[..MaxErrorCharacters] + "...";
    }

    private void Read(JsonElement root, int count, string model, GeneratedEmbeddings<Embedding<float>> all)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("data", out JsonElement data)
            || data.ValueKind != JsonValueKind.Array)
        {
            throw Unusable("it has no array 'data'");
        }

        if (data.GetArrayLength() != count)
        {
            throw Unusable($"it holds {data.GetArrayLength()} vectors for {count} texts");
        }

        float[]?[] vectors = new float[count][];
        int place = 0;
        foreach (JsonElement entry in data.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("embedding", out JsonElement embedding))
            {
                throw Unusable($"entry {place} has no 'embedding'");
            }

            // A server that gives no index keeps the order.
            int index = place++;
            if (entry.TryGetProperty("index", out JsonElement stated)
                && !(stated.ValueKind == JsonValueKind.Number && stated.TryGetInt32(out index)))
            {
                throw Unusable($"entry {place - 1} has the index '{stated}'");
            }

            if (index < 0 || index >= count || vectors[index] is not null)
            {
                throw Unusable($"the index {index} is out of range or appears twice");
            }

            vectors[index] = ReadVector(embedding, index);
        }

        foreach (float[]? vector in vectors)
        {
            all.Add(new Embedding<float>(vector) { ModelId = model });
        }

        AddUsage(root, all);
    }

    private float[] ReadVector(JsonElement embedding, int index)
    {
        float[] vector;
        if (embedding.ValueKind == JsonValueKind.Array)
        {
            vector = new float[embedding.GetArrayLength()];
            int d = 0;
            foreach (JsonElement number in embedding.EnumerateArray())
            {
                if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out vector[d++]))
                {
                    throw Unusable($"vector {index} holds '{number}'");
                }
            }
        }
        else if (embedding.ValueKind == JsonValueKind.String && embedding.TryGetBytesFromBase64(out byte[]? bytes)
            && bytes.Length % sizeof(float) == 0)
        {
            // Little-endian, as is every platform that .NET runs on today.
            vector = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }
        else
        {
            throw Unusable($"vector {index} is neither an array of numbers nor base64 of them");
        }

        return vector.Length > 0 && TensorPrimitives.IsFiniteAll<float>(vector)
            ? vector
            : throw Unusable($"vector {index} is empty or not finite");
    }

    private static void AddUsage(JsonElement root, GeneratedEmbeddings<Embedding<float>> all)
    {
        if (!root.TryGetProperty("usage", out JsonElement usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        long? input = Number(usage, "prompt_tokens");
        long? total = Number(usage, "total_tokens");
        all.Usage ??= new UsageDetails();
        all.Usage.Add(new UsageDetails { InputTokenCount = input ?? total, TotalTokenCount = total ?? input });
    }

    private static long? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            ? number
            : null;

    private EmbeddingException Unusable(string why, Exception? inner = null) => new(
        $"The answer of the embedding server {_address} is unusable: {why}; check that it speaks the OpenAI format.",
        HttpStatusCode.OK,
        inner);
}
