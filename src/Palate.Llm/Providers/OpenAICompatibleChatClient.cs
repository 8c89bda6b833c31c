using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using AIMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Palate.Llm;

/// <summary>A model behind any server that speaks the OpenAI format, through the official package.</summary>
/// <remarks>
/// <para>It neither retries nor limits the time: wrap it for that. A schema that the server does not take gives way to
/// JSON mode and then to plain text, and so do other parts that it names in a refusal; what was found is remembered for
/// each model. A refused attempt costs a round trip and no tokens.</para>
/// <para>Every failure is a <see cref="ModelCallException"/>, and a cancelled call an
/// <see cref="OperationCanceledException"/>. Safe to use from any thread. The key appears in no message.</para>
/// </remarks>
public sealed class OpenAICompatibleChatClient : IChatClient
{
    private const int MaxAttempts = 6;

    private readonly ProviderOptions _options;
    private readonly ProviderQuirks _quirks;
    private readonly ProviderErrors _errors;
    private readonly ChatClient _client;
    private readonly ModelLacks _lacks = new();
    private readonly ChatClientMetadata _metadata;

    /// <summary>A client for one provider.</summary>
    /// <exception cref="ArgumentException">An option is missing or wrong, or the key cannot be read.</exception>
    public OpenAICompatibleChatClient(ProviderOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Kind is ProviderKind.Anthropic or ProviderKind.BedrockConverse)
        {
            throw new ArgumentException(
                $"The provider '{options.Name}' is of the kind {options.Kind}, which does not speak the OpenAI format; "
                + "make it with ProviderFactory.");
        }

        _options = options;
        _quirks = ProviderQuirks.Of(options.Kind);
        Uri address = options.Address();
        string? key = options.ReadKey();
        _errors = new ProviderErrors(options.Name, address, options.Key, key, time ?? TimeProvider.System);
        var settings = new OpenAIClientOptions
        {
            Endpoint = address,
            Transport = new HttpClientPipelineTransport(ProviderHttp.Client),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
        };
        if (options is { Kind: ProviderKind.AzureOpenAI, ApiVersion: { } version })
        {
            settings.AddPolicy(new QueryPolicy("api-version=" + Uri.EscapeDataString(version)), PipelinePosition.PerCall);
        }

        // The package wants a key and sends it as a bearer token; the policy after it sends what this kind of server wants.
        settings.AddPolicy(new KeyPolicy(_quirks.KeyHeader, key), PipelinePosition.BeforeTransport);
        _client = new ChatClient(options.Model, new ApiKeyCredential(key ?? "none"), settings);
        _metadata = new ChatClientMetadata(options.Kind.ToString(), address, options.Model);
    }

    /// <summary>How replies of a model are kept in form, as far as is known; null for the configured model.</summary>
    public ReplyForm FormOf(string? model = null) => _lacks.Form(model ?? _options.Model);

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">The provider refused, failed, was not reached, or its reply is unusable.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<AIMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using PipelineResponse answer = await SendAsync(messages, options, isStreaming: false, cancellationToken);
        ReadOnlyMemory<byte> body = await ProviderHttp.ReadAsync(
            answer.ContentStream ?? Stream.Null, _errors, cancellationToken);
        try
        {
            return OpenAIWire.Read(body);
        }
        catch (JsonException e)
        {
            throw _errors.Malformed(e.Message, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">As above; what came before it stays valid.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AIMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using PipelineResponse answer = await SendAsync(messages, options, isStreaming: true, cancellationToken);
        bool isFinished = false;
        bool isFirst = true;
        Stream body = answer.ContentStream ?? Stream.Null;
        await foreach (ServerEvents piece in ProviderHttp.EventsAsync(body, _errors, cancellationToken))
        {
            if (piece.Data.Span.SequenceEqual("[DONE]"u8))
            {
                yield break;
            }

            ChatResponseUpdate? update;
            try
            {
                update = OpenAIWire.ReadPiece(piece.Data, isFirst);
            }
            catch (JsonException e)
            {
                throw _errors.Malformed(e.Message, e);
            }

            if (update is not null)
            {
                isFirst &= update.Text.Length == 0 && update.AdditionalProperties is null;
                isFinished |= update.FinishReason is not null;
                yield return update;
            }
            else if (piece.Data.Span.IndexOf("\"error\""u8) >= 0)
            {
                throw _errors.Reported(piece.Data.Span);
            }
        }

        if (!isFinished)
        {
            throw _errors.Cut();
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_client) ? _client
            : null;
    }

    /// <summary>Nothing to release: connections are shared.</summary>
    public void Dispose()
    {
    }

    private async Task<PipelineResponse> SendAsync(
        IEnumerable<AIMessage> messages, ChatOptions? options, bool isStreaming, CancellationToken stop)
    {
        string model = options?.ModelId ?? _options.Model;
        for (int attempt = 1; ; attempt++)
        {
            (ReadOnlyMemory<byte> body, ModelLacks.Part sent) = OpenAIWire.Write(
                messages, options, model, _quirks, _lacks.Of(model), isStreaming);
            PipelineResponse answer = await SendAsync(body, stop);
            if (answer.Status is >= 200 and < 300)
            {
                return answer;
            }

            using (answer)
            {
                byte[] words = await ProviderHttp.ErrorAsync(answer.ContentStream ?? Stream.Null, stop);
                bool isTooMuch = answer.Status is 400 or 422 && attempt < MaxAttempts
                    && _lacks.Learn(model, sent, _errors.Words(words));
                if (!isTooMuch)
                {
                    throw _errors.Refused(
                        answer.Status, words, name => answer.Headers.TryGetValue(name, out string? value) ? value : null);
                }
            }
        }
    }

    private async Task<PipelineResponse> SendAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var request = new RequestOptions
        {
            CancellationToken = stop,
            ErrorOptions = ClientErrorBehaviors.NoThrow,
            BufferResponse = false,
        };
        try
        {
            using var content = BinaryContent.Create(BinaryData.FromBytes(body));
            ClientResult result = await _client.CompleteChatAsync(content, request);
            return result.GetRawResponse();
        }
        catch (Exception e) when (e is ClientResultException || ProviderHttp.IsConnection(e))
        {
            stop.ThrowIfCancellationRequested();
            throw _errors.Unreachable(e);
        }
    }

    /// <summary>Sends the key in the header of this kind of server, or none where there is no key.</summary>
    private sealed class KeyPolicy(string? header, string? key) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Set(message);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Set(message);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }

        private void Set(PipelineMessage message)
        {
            if (key is null || header is not null)
            {
                message.Request.Headers.Remove("Authorization");
            }

            if (key is not null && header is not null)
            {
                message.Request.Headers.Set(header, key);
            }
        }
    }

    /// <summary>Adds a query to every address.</summary>
    private sealed class QueryPolicy(string query) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Set(message);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Set(message);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }

        private void Set(PipelineMessage message)
        {
            if (message.Request.Uri is { Query: "" } address)
            {
                message.Request.Uri = new UriBuilder(address) { Query = query }.Uri;
            }
        }
    }
}
