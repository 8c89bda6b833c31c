using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <summary>How much of the prompts a provider's prefix cache can have, for each strategy and layout.</summary>
/// <remarks>
/// Bytes: the longest byte-identical beginning that a call shares with an earlier one of the same request (first call:
/// with any earlier request), as a share of all bytes. Tokens: what the simulated model reports as cached, and what the
/// prefix pool expected. Dollars are for 1,000 requests, with cached tokens at a half and at a tenth of the price.
/// </remarks>
internal static class PrefixBenchmark
{
    /// <summary>Runs <c>prefix [--candidates N] [--requests N] [--strategies A,B]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int candidates = Arguments.Number(args, "--candidates", 50);
        int requests = Arguments.Number(args, "--requests", 20);
        var demo = new DemoJudging(queries: requests);
        Console.WriteLine($"{candidates} candidates, {requests} requests with a history each");
        Console.WriteLine(
            $"{"strategy",-20} {"layout",-7} {"calls",6} {"tokens",7} {"first",6} {"later",6} {"cached",7} {"expected",9} {"$ at 1/2",9} {"$ at 1/10",9}");
        // All pairs are 2,450 calls a request, and their prompts are those of the other pairwise strategies.
        foreach (string strategy in Arguments.Names(
            args, "--strategies", Strategies.Names.Where(name => name != "pairwise-all")))
        {
            foreach (PromptLayout layout in Enum.GetValues<PromptLayout>())
            {
                await MeasureAsync(demo, strategy, layout, candidates, requests);
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(
        DemoJudging demo, string strategy, PromptLayout layout, int candidates, int requests)
    {
        TimeProvider time = TimeProvider.System;
        var seen = new SeenPrompts(new SimulatedModel());
        var chain = new CallChainOptions { Limits = null, Prefixes = new PrefixPool(PrefixRules.VLlm, time) };
        var reranker = new LlmReranker(
            new LlmRerankerOptions
            {
                Strategy = strategy,
                Layout = layout,
                Candidates = candidates,
                Run = new RunnerOptions { SettledAt = 1, CallTimeout = TimeSpan.FromMinutes(5) },
            },
            new ModelConnection("simulated", chain.Build(seen, time)),
            PromptLibrary.Load(null),
            time);
        var budget = new Budget { Tokens = int.MaxValue, MicroDollars = long.MaxValue / 4_000_000 };
        for (int query = 0; query < requests; query++)
        {
            seen.Begin();
            await reranker.JudgeAsync(
                demo.Request(query, candidates, query).Request,
                budget,
                time.GetTimestamp() + (600 * time.TimestampFrequency),
                CancellationToken.None);
        }

        Console.WriteLine(seen.Report(strategy, layout, requests));
    }

    private sealed class SeenPrompts(IChatClient model) : DelegatingChatClient(model)
    {
        private readonly List<byte[]> _request = [];
        private byte[] _last = [];
        private double _first;
        private double _later;
        private long _firstBytes;
        private long _laterBytes;
        private long _expected;
        private long _laterTokens;
        private long _laterCached;
        private long _tokens;
        private long _cached;
        private long _output;
        private int _count;

        public void Begin()
        {
            _last = _request.Count > 0 ? _request[0] : _last;
            _request.Clear();
        }

        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken);
            Add(messages, options, response.Usage!);
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken);
            Add(messages, options, response.Usage!);
            foreach (ChatResponseUpdate update in response.ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public string Report(string strategy, PromptLayout layout, int requests)
        {
            double half = ((_tokens - (_cached * .5)) * .15) + (_output * .6);
            double tenth = ((_tokens - (_cached * .9)) * .15) + (_output * .6);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{strategy,-20} {layout,-7} {(double)_count / requests,6:0.0} {_tokens / requests,7} {_first / _firstBytes,6:P0} {Share(_later, _laterBytes),6} {Share(_laterCached, _laterTokens),7} {Share(_expected, _laterTokens),9} {half / requests / 1000,9:0.000} {tenth / requests / 1000,9:0.000}");
        }

        private static string Share(double part, double whole) =>
            whole == 0 ? "-" : (part / whole).ToString("P0", CultureInfo.InvariantCulture);

        private void Add(IEnumerable<ChatMessage> messages, ChatOptions? options, UsageDetails usage)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\0', messages.Select(message => message.Text)));
            long input = usage.InputTokenCount ?? 0;
            long cached = usage.CachedInputTokenCount ?? 0;
            lock (_request)
            {
                _count++;
                _tokens += input;
                _cached += cached;
                _output += usage.OutputTokenCount ?? 0;
                if (_request.Count == 0)
                {
                    _first += bytes.AsSpan().CommonPrefixLength(_last);
                    _firstBytes += bytes.Length;
                }
                else
                {
                    _later += _request.Max(other => bytes.AsSpan().CommonPrefixLength(other));
                    _laterBytes += bytes.Length;
                    _laterTokens += input;
                    _laterCached += cached;
                    _expected += CallContext.Of(options).ExpectedCachedTokens;
                }

                _request.Add(bytes);
            }
        }
    }
}
