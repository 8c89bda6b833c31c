namespace Palate.Llm;

/// <summary>Which rerank model, behind which server, with whose key.</summary>
public sealed record RerankApiOptions
{
    /// <summary>The name in settings, errors and reports; required.</summary>
    public required string Name { get; init; }

    /// <summary>Which interface the server has.</summary>
    public RerankApiKind Kind { get; init; } = RerankApiKind.Cohere;

    /// <summary>The server's address without the interface's path; null for Cohere's or Jina's own.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The model's name; empty where the server has only one.</summary>
    public string Model { get; init; } = "";

    /// <summary>Where the key is: <c>env:NAME</c> or <c>file:PATH</c>; null for none. Never the key itself.</summary>
    public string? Key { get; init; }

    /// <summary>At most this many documents go into one call, 1 to 10,000; null for the kind's own.</summary>
    /// <value>The default is null: 1,000 for Cohere, 500 for Jina, 32 for TEI and 256 for vLLM.</value>
    public int? BatchSize { get; init; }

    /// <summary>At most this many calls at once, 1 to 64.</summary>
    /// <value>The default is 4.</value>
    public int Concurrency { get; init; } = 4;

    /// <summary>A longer query or document is cut to this many characters before it is sent, 1 or more.</summary>
    /// <value>The default is 16,000. The server cuts further, to what its model can read.</value>
    public int MaxCharacters { get; init; } = 16_000;

    /// <summary>Checks every value, and that the key can be read.</summary>
    /// <exception cref="ArgumentException">A value is missing or wrong; the message says which and what to do.</exception>
    public void Validate()
    {
        _ = Address();
        _ = ReadKey();
        if (BatchSize is < 1 or > 10_000)
        {
            throw new ArgumentException($"The rerank provider '{Name}' has a batch size of {BatchSize}; give 1 to 10000.");
        }

        if (Concurrency is < 1 or > 64)
        {
            throw new ArgumentException($"The rerank provider '{Name}' has a concurrency of {Concurrency}; give 1 to 64.");
        }

        if (MaxCharacters < 1)
        {
            throw new ArgumentException(
                $"The rerank provider '{Name}' has {MaxCharacters} as its most characters; give 1 or more.");
        }
    }

    internal Uri Address()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw new ArgumentException("A rerank provider has no name; give it one.");
        }

        if (Model.Length == 0 && Kind is RerankApiKind.Cohere or RerankApiKind.Jina)
        {
            throw new ArgumentException($"The rerank provider '{Name}' has no model; give the name of one that it serves.");
        }

        Uri root = Endpoint ?? Kind switch
        {
            RerankApiKind.Cohere => new Uri("https://api.cohere.com"),
            RerankApiKind.Jina => new Uri("https://api.jina.ai"),
            _ => throw new ArgumentException(
                $"The rerank provider '{Name}' has no endpoint; give the server's address, for example "
                + "http://127.0.0.1:8080."),
        };
        if (!root.IsAbsoluteUri || (root.Scheme != Uri.UriSchemeHttp && root.Scheme != Uri.UriSchemeHttps)
            || root.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                $"The endpoint of the rerank provider '{Name}' is no http or https address, or holds a user; give one "
                + "like https://host:8080.");
        }

        string path = Kind switch
        {
            RerankApiKind.Cohere => "/v2/rerank",
            RerankApiKind.Tei => "/rerank",
            _ => "/v1/rerank",
        };
        string left = root.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri(left.EndsWith("/rerank", StringComparison.Ordinal) ? left : left + path);
    }

    internal string? ReadKey() => Secret.Read(
        Key, $"the rerank provider '{Name}'", Endpoint is null && Kind is RerankApiKind.Cohere or RerankApiKind.Jina);
}
