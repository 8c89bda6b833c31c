namespace Palate.Llm;

/// <summary>Which model, behind which server, with whose key.</summary>
public sealed record ProviderOptions
{
    /// <summary>The name in settings, errors and reports; required.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of server it is.</summary>
    public ProviderKind Kind { get; init; } = ProviderKind.OpenAI;

    /// <summary>
    /// The server's address; null for the kind's own where it has one. A bare host gets the kind's usual path
    /// (<c>/v1</c>); an address with a path is taken as it is.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The model's name, or the deployment's for Azure; required.</summary>
    public required string Model { get; init; }

    /// <summary>Where the key is: <c>env:NAME</c> or <c>file:PATH</c>; null for none. Never the key itself.</summary>
    public string? Key { get; init; }

    /// <summary>Azure's <c>api-version</c>; null for the interface without versions.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Whether the shared prefix of prompts is marked for the provider's cache where that must be asked for.</summary>
    /// <value>The default is true. Anthropic and Bedrock bill a surcharge for what they write to their cache.</value>
    public bool CachePrefix { get; init; } = true;

    /// <summary>Checks every value, and that the key can be read.</summary>
    /// <exception cref="ArgumentException">A value is missing or wrong; the message says which and what to do.</exception>
    public void Validate()
    {
        _ = Address();
        _ = ReadKey();
    }

    /// <summary>The address with the kind's path, without a slash at its end.</summary>
    internal Uri Address()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw new ArgumentException("A provider has no name; give it one.");
        }

        if (string.IsNullOrWhiteSpace(Model))
        {
            throw new ArgumentException($"The provider '{Name}' has no model; give the name of one that it serves.");
        }

        ProviderQuirks quirks = ProviderQuirks.Of(Kind);
        Uri endpoint = Endpoint ?? (quirks.Endpoint is { } own
            ? new Uri(own)
            : throw new ArgumentException(
                $"The provider '{Name}' has no endpoint; give the server's address, for example http://127.0.0.1:8000."));
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps)
            || endpoint.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                $"The endpoint of the provider '{Name}' is no http or https address, or holds a user; give one like "
                + "https://host:8000.");
        }

        string root = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (Kind == ProviderKind.AzureOpenAI && ApiVersion is not null)
        {
            return new Uri(endpoint.AbsolutePath == "/"
                ? root + "/openai/deployments/" + Uri.EscapeDataString(Model)
                : root);
        }

        return new Uri(endpoint.AbsolutePath == "/" && Kind != ProviderKind.Anthropic ? root + quirks.Path : root);
    }

    /// <summary>The key; null where none is configured and none is needed.</summary>
    internal string? ReadKey() => Secret.Read(Key, $"the provider '{Name}'", ProviderQuirks.Of(Kind).NeedsKey);
}
