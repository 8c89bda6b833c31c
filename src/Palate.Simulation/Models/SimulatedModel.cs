using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Palate.Llm;

namespace Palate.Simulation;

/// <summary>A model that needs no machine: it reads nothing but the prompt, and behaves as its profile says.</summary>
/// <remarks>
/// The same prompt, seed and options give the same reply; only the number of cached tokens depends on what was asked
/// before. Safe to use from any thread. It names itself <see cref="ModelName"/>.
/// </remarks>
public sealed class SimulatedModel : IChatClient
{
    /// <summary>The name under which replies say that they are simulated.</summary>
    public const string ModelName = "simulated";

    private const int CachedBlocks = 16_384;
    private const int StreamedTokens = 4;

    private readonly SimulationProfile _profile;
    private readonly ulong _seed;
    private readonly TimeProvider _time;
    private readonly SimulatedPrefixCache _prefixes = new(CachedBlocks);

    /// <summary>A simulated model.</summary>
    /// <param name="profile">How it behaves; null for <c>good</c>.</param>
    /// <param name="seed">Decides everything that is random.</param>
    /// <param name="time">Waits for the profile's latency; null for the system's.</param>
    /// <exception cref="ArgumentException">A value of the profile is out of its limits.</exception>
    public SimulatedModel(SimulationProfile? profile = null, ulong seed = 1, TimeProvider? time = null)
    {
        _profile = profile ?? SimulationProfiles.Named("good");
        _profile.Validate();
        _seed = seed;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>How it behaves.</summary>
    public SimulationProfile Profile => _profile;

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SimulatedReply reply = Reply(messages, options);
        long tokens = reply.Usage.OutputTokenCount ?? 0;
        await WaitAsync(reply.FirstTokenAfter + (reply.PerToken * tokens), cancellationToken);
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, reply.Text))
        {
            ModelId = ModelName,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage,
        };
        if (reply.FirstTokens.Count > 0)
        {
            TokenProbability.Attach(response.AdditionalProperties ??= [], reply.FirstTokens);
        }

        return response;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SimulatedReply reply = Reply(messages, options);
        await WaitAsync(reply.FirstTokenAfter, cancellationToken);
        for (int piece = 0; piece < reply.Pieces.Count; piece++)
        {
            await WaitAsync(reply.PerToken * reply.PieceTokens[piece], cancellationToken);
            var update = new ChatResponseUpdate(ChatRole.Assistant, reply.Pieces[piece]) { ModelId = ModelName };
            if (piece == 0 && reply.FirstTokens.Count > 0)
            {
                TokenProbability.Attach(update.AdditionalProperties ??= [], reply.FirstTokens);
            }

            yield return update;
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(reply.Usage)])
        {
            ModelId = ModelName,
            FinishReason = reply.FinishReason,
        };
    }

    /// <summary>What it is going to say, and when; asking counts as a call for its prefix cache.</summary>
    public SimulatedReply Reply(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            all = [new ChatMessage(ChatRole.System, instructions), .. all];
        }

        CallContext context = CallContext.Of(options);
        SimulatedPrompt prompt = SimulatedPrompt.Read(all);
        JsonElement? schema = (options?.ResponseFormat as ChatResponseFormatJson)?.Schema;
        SimulatedForm form = SimulatedForm.Of(prompt, schema, context.TopLogProbabilities);
        ulong hash = SimulatedTokens.Of(prompt.Text) ^ _seed ^ (ulong)(options?.Seed ?? 0);
        var chance = new SimulatedChance(hash);

        double jitter = chance.Normal();
        bool isRefusal = chance.Share() < _profile.RefusalRate;
        bool isMalformed = chance.Share() < _profile.MalformedRate;
        bool isReversed = chance.Share() < _profile.Hostility;
        (double[] utilities, string[] reasons) = Utilities(prompt, form, isReversed, ref chance);
        string[] names = Names(prompt, ref chance);
        var writer = new SimulatedWriter(prompt, form, utilities, reasons, names, _profile.Verbosity);
        string text = isRefusal ? "I'm sorry, but I can't help with ranking these items."
            : isMalformed ? Malformed(writer.Write(), ref chance)
            : writer.Write();
        ChatFinishReason finish = ChatFinishReason.Stop;
        text = Stopped(text, options?.StopSequences);
        (List<string> pieces, List<int> tokens) = SimulatedTokens.Split(text, _profile.TokensPerWord);
        if (options?.MaxOutputTokens is { } most && Cut(pieces, tokens, most))
        {
            finish = ChatFinishReason.Length;
        }

        int output = tokens.Sum();
        List<ulong> input = [];
        SimulatedTokens.Hash(all, _profile.TokensPerWord, input);
        int cached = _prefixes.Look(input, SimulatedTokens.Of(context.CacheSalt ?? context.Tenant));
        (List<string> streamed, List<int> streamedTokens) =
            _profile.Latency.PerOutputToken > TimeSpan.Zero ? (pieces, tokens) : Joined(pieces, tokens);
        return new SimulatedReply
        {
            Pieces = streamed,
            PieceTokens = streamedTokens,
            FinishReason = finish,
            IsRefusal = isRefusal,
            FirstTokens = context.TopLogProbabilities > 0 && !isRefusal && !isMalformed
                ? writer.FirstTokens(context.TopLogProbabilities)
                : [],
            Usage = new UsageDetails
            {
                InputTokenCount = input.Count,
                CachedInputTokenCount = cached,
                OutputTokenCount = output,
                TotalTokenCount = input.Count + output,
            },
            FirstTokenAfter = _profile.Latency.FirstToken(input.Count, jitter),
            PerToken = _profile.Latency.PerOutputToken,
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("simulation", null, ModelName)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to release.</summary>
    public void Dispose()
    {
    }

    private async Task WaitAsync(TimeSpan span, CancellationToken stop)
    {
        if (span > TimeSpan.Zero)
        {
            await Task.Delay(span, _time, stop);
        }
    }

    private (double[] Utilities, string[] Reasons) Utilities(
        SimulatedPrompt prompt, SimulatedForm form, bool isReversed, ref SimulatedChance chance)
    {
        int count = prompt.Asked.Count;
        if (_profile.IsRandom)
        {
            // Seed 001's formula for its pointwise score; the others are drawn alike, one for each candidate.
            double[] drawn = new double[count];
            foreach (ref double utility in drawn.AsSpan())
            {
                utility = 0.55 + (0.35 * chance.Below(10_000) / 10_000.0);
            }

            return (drawn, [.. Enumerable.Repeat("matches intent keywords; penalizes vague or mismatched terms", count)]);
        }

        (double[] utilities, string[] reasons) = SimulatedJudge.Judge(prompt);
        for (int i = 0; i < count; i++)
        {
            double place = count > 1 ? i / (count - 1.0) : 0.5;
            double noise = _profile.Noise * chance.Normal();
            double utility = _profile.IsStuckOnFirst ? 1 - place : isReversed ? 1 - utilities[i] : utilities[i];
            utility += noise * (_profile.IsStuckOnFirst ? 0 : 1);
            utility += _profile.PositionBias * (0.5 - place);
            utility += _profile.Susceptibility > 0 && SimulatedJudge.IsInstructing(prompt.Asked[i].Line)
                ? _profile.Susceptibility
                : 0;
            utilities[i] = form.What == SimulatedForm.Kind.Relevance ? Math.Clamp(utility, 0, 1) : utility;
        }

        return (utilities, reasons);
    }

    private string[] Names(SimulatedPrompt prompt, ref SimulatedChance chance)
    {
        string[] names = [.. prompt.Asked.Select(shown => shown.Alias)];
        foreach (ref string name in names.AsSpan())
        {
            if (chance.Share() < _profile.UnknownAliasRate)
            {
                name = "Z" + (100 + chance.Below(900)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return names;
    }

    private string Malformed(string good, ref SimulatedChance chance) => _profile.MalformedReply ?? chance.Below(8) switch
    {
        0 => good[..(good.Length * 2 / 3)],
        1 => "Here you go:\n```json\n" + good + "\n```",
        2 => good + "\n" + good,
        3 => "",
        4 => "I would put the first one on top, since it fits the customer best, and then the others.",
        5 => good.Replace('"', '\''),
        6 => "<think>Let me compare them one by one. " + good + "</think>" + good,
        _ => "RESPONSE: score=0.83 rationale=looks good",
    };

    private static string Stopped(string text, IList<string>? stops)
    {
        foreach (string stop in stops ?? [])
        {
            int at = stop.Length > 0 ? text.IndexOf(stop, StringComparison.Ordinal) : -1;
            text = at >= 0 ? text[..at] : text;
        }

        return text;
    }

    private static bool Cut(List<string> pieces, List<int> tokens, int most)
    {
        int sum = 0;
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            sum += tokens[piece];
            if (sum > most)
            {
                pieces.RemoveRange(piece, pieces.Count - piece);
                tokens.RemoveRange(piece, tokens.Count - piece);
                return true;
            }
        }

        return false;
    }

    // Without a pace of its own the model streams a few tokens at a time.
    private static (List<string> Pieces, List<int> Tokens) Joined(List<string> pieces, List<int> tokens)
    {
        var joined = new List<string>();
        var sums = new List<int>();
        for (int begin = 0; begin < pieces.Count; begin += StreamedTokens)
        {
            int count = Math.Min(StreamedTokens, pieces.Count - begin);
            joined.Add(string.Concat(pieces.GetRange(begin, count)));
            sums.Add(tokens.GetRange(begin, count).Sum());
        }

        return (joined, sums);
    }
}
