namespace Palate.Llm;

/// <summary>Which server and model <see cref="OpenAICompatibleEmbeddingGenerator"/> asks, and how.</summary>
public sealed class OpenAICompatibleEmbeddingOptions
{
    /// <summary>The server's address, with or without <c>/v1</c> at its end; required.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The model's name; required.</summary>
    public required string Model { get; init; }

    /// <summary>The key, when it is already in memory; null for none or for <see cref="ApiKeyVariable"/>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The environment variable that holds the key; null for none.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>The length that the server shall cut its vectors to; null for the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>At most this many texts go into one call, 1 to 2048.</summary>
    /// <value>The default is 96.</value>
    public int BatchSize { get; init; } = 96;

    /// <summary>A longer text is cut to this many characters, 1 or more.</summary>
    /// <value>The default is 16,000, which fits models that read 8,192 tokens of European languages.</value>
    public int MaxCharacters { get; init; } = 16_000;

    /// <summary>Whether to ask for vectors as base64, a third of the size; not every server can.</summary>
    /// <value>The default is false. Answers are read in either form.</value>
    public bool Base64 { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Endpoint);
        ArgumentException.ThrowIfNullOrWhiteSpace(Model);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 2048);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCharacters, 1);
        if (Dimensions is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Dimensions), Dimensions, "Dimensions must be 1 or more, or null for the model's own.");
        }

        if (!Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException(
                $"The endpoint '{Endpoint}' is no http or https address, for example https://host:8080.");
        }
    }

    internal string? ReadKey()
    {
        if (ApiKey is not null || ApiKeyVariable is null)
        {
            return ApiKey;
        }

        return Environment.GetEnvironmentVariable(ApiKeyVariable) is { Length: > 0 } key
            ? key
            : throw new InvalidOperationException(
                $"The environment variable '{ApiKeyVariable}' is not set; set it to the key of {Endpoint.Host}.");
    }
}
