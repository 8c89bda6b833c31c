using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Reserves what a call can cost, and writes down what it did cost.</summary>
/// <remarks>
/// It belongs inside of retry and hedge, so that every attempt that is sent has its entry: a client around them sees
/// only the winner's usage, and the money of the others would be lost.
/// </remarks>
internal sealed class SpendClient : DelegatingChatClient
{
    // An estimate of the prompt that is too low by more can lead beyond a budget by the difference.
    private const double InputMargin = 0.1;

    private readonly SpendOptions _options;
    private readonly TimeProvider _time;
    private readonly string _defaultModel;

    /// <exception cref="ModelCallException">The client's model has no price, and such are refused.</exception>
    public SpendClient(IChatClient inner, SpendOptions options, TimeProvider time)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time;
        _defaultModel = RequestKey.ModelOf(null, inner);
        if (_defaultModel.Length > 0)
        {
            PriceOf(_defaultModel);
        }
    }

    // What the client's own model costs; a call that names another one is priced by that.
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ModelPrice)
            ? _options.Prices.Find(_defaultModel)
            : base.GetService(serviceType, serviceKey);

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        IList<ChatMessage> list = messages as IList<ChatMessage> ?? [.. messages];
        cancellationToken.ThrowIfCancellationRequested();
        var attempt = new Attempt(this, list, options);
        return _options.Grace > TimeSpan.Zero
            ? WithGrace(attempt, list, options, cancellationToken)
            : Send(attempt, list, options, cancellationToken, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IList<ChatMessage> list = messages as IList<ChatMessage> ?? [.. messages];
        cancellationToken.ThrowIfCancellationRequested();
        var attempt = new Attempt(this, list, options);
        UsageDetails? usage = null;
        long characters = 0;
        bool ended = false;
        try
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates =
                InnerClient.GetStreamingResponseAsync(list, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        ended = true;
                        break;
                    }
                }
                catch (Exception e)
                {
                    attempt.Fail(e, usage, characters, cancellationToken.IsCancellationRequested);
                    throw;
                }

                IList<AIContent> contents = updates.Current.Contents;
                for (int at = 0; at < contents.Count; at++)
                {
                    switch (contents[at])
                    {
                        case UsageContent { Details: { } details }: (usage ??= new UsageDetails()).Add(details); break;
                        case TextContent { Text: { } text }: characters += text.Length; break;
                        case TextReasoningContent { Text: { } text }: characters += text.Length; break;
                    }
                }

                yield return updates.Current;
            }
        }
        finally
        {
            // Without an end or an error the reader has stopped: it has what it needs, and the rest is not generated.
            attempt.End(ended ? LedgerOutcome.Ok : LedgerOutcome.Cancelled, null, usage, characters);
        }
    }

    private async Task<ChatResponse> Send(
        Attempt attempt,
        IList<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken caller,
        CancellationToken stop)
    {
        ChatResponse response;
        try
        {
            response = await InnerClient.GetResponseAsync(messages, options, stop);
        }
        catch (Exception e)
        {
            attempt.Fail(e, null, characters: null, caller.IsCancellationRequested);
            throw;
        }

        long characters = 0;
        if (response.Usage is null)
        {
            foreach (ChatMessage message in response.Messages)
            {
                characters += message.Text.Length;
            }
        }

        attempt.End(
            caller.IsCancellationRequested ? LedgerOutcome.Cancelled : LedgerOutcome.Ok, null, response.Usage, characters);
        return response;
    }

    private async Task<ChatResponse> WithGrace(
        Attempt attempt, IList<ChatMessage> messages, ChatOptions? options, CancellationToken caller)
    {
        var patience = new CancellationTokenSource();
        Task<ChatResponse> call = Send(attempt, messages, options, caller, patience.Token);
        try
        {
            return await call.WaitAsync(caller);
        }
        finally
        {
            if (call.IsCompleted)
            {
                patience.Dispose();
            }
            else
            {
                _ = GiveUp(call, patience);
            }
        }
    }

    private async Task GiveUp(Task call, CancellationTokenSource patience)
    {
        using (patience)
        {
            using var ended = new CancellationTokenSource();
            await Task.WhenAny(call, Task.Delay(_options.Grace, _time, ended.Token));
            await ended.CancelAsync();
            await patience.CancelAsync();
            await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ModelPrice? PriceOf(string model)
    {
        ModelPrice? price = _options.Prices.Find(model);
        return price is not null || _options.Unknown == UnknownPrice.CountAsUnpriced
            ? price
            : throw new ModelCallException(
                ModelCallFailure.Invalid,
                $"The model '{model}' has no price; add it to the price file, or let unknown models count as unpriced.");
    }

    private sealed class Attempt
    {
        private readonly SpendClient _client;
        private readonly CallContext _context;
        private readonly ModelPrice? _price;
        private readonly string _model;
        private readonly long _promptTokens;
        private readonly long _outputTokens;
        private readonly long _reservedTokens;
        private readonly Money _reserved;
        private readonly SpendLimits.Reservation? _reservation;
        private readonly DateTimeOffset _time;
        private readonly long _started;
        private int _ended;

        public Attempt(SpendClient client, IList<ChatMessage> messages, ChatOptions? options)
        {
            _client = client;
            _context = CallContext.Of(options);
            _model = options?.ModelId ?? client._defaultModel;
            _price = client.PriceOf(_model);
            SpendOptions spend = client._options;
            _promptTokens = _context.EstimatedTokens > 0 ? _context.EstimatedTokens : TokensOf(messages, options);
            _outputTokens = options?.MaxOutputTokens ?? CallUsage.DefaultOutputTokens;
            long most = _promptTokens + (long)Math.Ceiling(_promptTokens * InputMargin);
            _reservedTokens = most + _outputTokens;
            _reserved = _price?.MostCost(most, _outputTokens) ?? Money.Zero;
            _time = client._time.GetUtcNow();
            _started = client._time.GetTimestamp();
            _context.Budget?.Reserve(_reservedTokens, _reserved);
            try
            {
                _reservation = spend.Limits?.Reserve(_context.Pipeline, _context.Tenant, _reserved, _time);
            }
            catch
            {
                _context.Budget?.Release(_reservedTokens, _reserved);
                throw;
            }
        }

        public void Fail(Exception e, UsageDetails? seen, long? characters, bool callerLeft)
        {
            var failure = e as ModelCallException;
            if (failure is { NothingSent: true })
            {
                Release();
                return;
            }

            if (failure is null && e is OperationCanceledException && callerLeft)
            {
                End(LedgerOutcome.Cancelled, null, seen, characters);
                return;
            }

            ModelCallFailure kind = failure?.Kind ?? ModelCallFailure.Network;
            UsageDetails? usage = failure?.Usage ?? seen;

            // A provider that answers with an error bills nothing, unless it says so. Where no answer came, or half of
            // one, the model has perhaps worked, and that is counted as the most it can be.
            bool refused = kind is ModelCallFailure.RateLimited or ModelCallFailure.Server or ModelCallFailure.Rejected
                or ModelCallFailure.Invalid;
            bool free = usage is null && characters is null or 0 && (refused || NeverConnected(e));
            if (free)
            {
                usage = new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0 };
            }

            End(callerLeft ? LedgerOutcome.Cancelled : LedgerOutcome.Failed, kind, usage, characters);
        }

        public void End(LedgerOutcome outcome, ModelCallFailure? failure, UsageDetails? reported, long? characters)
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0)
            {
                return;
            }

            CallUsage? exact = CallUsage.From(reported);
            CallUsage usage = exact ?? new CallUsage(
                _promptTokens, 0, 0, characters is { } seen ? Tokens(seen) : _outputTokens);
            var entry = new LedgerEntry
            {
                Time = _time,
                Model = _model,
                Pipeline = _context.Pipeline,
                Variant = _context.Variant,
                Tenant = _context.Tenant,
                Purpose = _context.Purpose,
                Outcome = outcome,
                Failure = failure,
                Attempt = _context.Attempt,
                IsHedge = _context.IsHedge,
                Usage = usage,
                Cost = _price?.Cost(usage) ?? Money.Zero,
                IsEstimated = exact is null,
                IsPriced = _price is not null,
                Latency = _client._time.GetElapsedTime(_started),
            };
            _context.Budget?.Reconcile(_reservedTokens, _reserved, usage.Tokens, entry.Cost);
            if (_reservation is not null)
            {
                _client._options.Limits?.Settle(_reservation, entry.Cost);
            }

            _client._options.Ledger.Add(entry);
            LlmMetrics.Call(entry);
            _client._options.Observer?.Invoke(_context, entry);
        }

        private void Release()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                _context.Budget?.Release(_reservedTokens, _reserved);
                if (_reservation is not null)
                {
                    _client._options.Limits?.Settle(_reservation, Money.Zero);
                }
            }
        }

        private static bool NeverConnected(Exception? e)
        {
            for (; e is not null; e = e.InnerException)
            {
                if (e is HttpRequestException
                    {
                        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                            or HttpRequestError.SecureConnectionError,
                    })
                {
                    return true;
                }
            }

            return false;
        }

        // Four characters a token is the usual rule for English; prompts that were rendered here bring an estimate.
        private static long Tokens(long characters) => (characters + 3) / 4;

        private static long TokensOf(IList<ChatMessage> messages, ChatOptions? options)
        {
            long characters = options?.Instructions?.Length ?? 0;
            foreach (ChatMessage message in messages)
            {
                characters += message.Text.Length + 16;
            }

            return Tokens(characters);
        }
    }
}
