using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>The prompts of one request: what they share is made once.</summary>
/// <remarks>Thread-safe: the questions of a round are rendered at once, and a piece that is made twice is the same.</remarks>
internal sealed partial class RequestPrompts
{
    private const int EntryTokens = 20;

    private readonly PromptRenderer _renderer;
    private readonly RerankRequest _request;
    private readonly PromptRenderer.QuestionText?[] _bodies;
    private readonly PromptRenderer.QuestionText?[] _briefs;
    private readonly (string Name, string Text)[] _blocks;
    private readonly ConcurrentDictionary<(QuestionKind Kind, bool Shared), Prefix> _prefixes = [];
    private string? _ownBlocks;
    private string? _sharedBlocks;

    public RequestPrompts(PromptRenderer renderer, RerankRequest request)
    {
        _renderer = renderer;
        _request = request;
        _bodies = new PromptRenderer.QuestionText?[request.Candidates.Count];
        _briefs = new PromptRenderer.QuestionText?[request.Candidates.Count];
        _blocks = Blocks();
    }

    public Prompt Render(Question question)
    {
        PromptPlan plan = Check(question);
        bool shared = Layout(question) == PromptLayout.Shared;
        Prefix prefix = PrefixFor(question.Kind, plan, shared);
        IReadOnlyList<int> candidates = question.Candidates;
        IReadOnlyList<string> aliases;
        string user;
        TokenFeatures features = prefix.Features;
        if (shared)
        {
            var named = new string[candidates.Count];
            for (int i = 0; i < named.Length; i++)
            {
                named[i] = PromptAliases.Number(candidates[i]);
            }

            aliases = named;
            string asked = plan.Ask(
                _renderer.Blocks[^1].Template!, question, string.Join(", ", named), Instruction(question, aliases));
            features += TokenFeatures.Of(asked);
            user = string.Concat(prefix.User, asked);
        }
        else
        {
            aliases = PromptAliases.First(candidates.Count, plan.Letters);
            PromptRenderer.QuestionText asked = question.Instruction.Length == 0
                ? _renderer.Ask(plan, question)
                : PromptRenderer.QuestionText.Of(plan.Ask(
                    _renderer.Blocks[^1].Template!, question,
                    PromptAliases.FirstInWords(candidates.Count, plan.Letters), Instruction(question, aliases)));
            (string head, string tail) = CandidateBlock();
            int length = prefix.User.Length + head.Length + tail.Length + asked.Text.Length;
            for (int i = 0; i < candidates.Count; i++)
            {
                PromptRenderer.QuestionText body = Body(candidates[i], question.IsBrief);
                length += body.Text.Length + aliases[i].Length + 4;
                features += body.Features;
            }

            int lines = candidates.Count;
            features += new TokenFeatures(lines, lines, lines, 2 * lines, 0, lines - 1);
            features += TokenFeatures.Of(head) + TokenFeatures.Of(tail) + asked.Features;
            user = string.Create(
                length - (candidates.Count > 0 ? 1 : 0),
                (prefix.User, head, candidates, aliases, tail, asked.Text, question.IsBrief, Prompts: this),
                static (span, parts) =>
                {
                    Put(ref span, parts.User);
                    Put(ref span, parts.head);
                    for (int i = 0; i < parts.candidates.Count; i++)
                    {
                        Put(ref span, i == 0 ? "[" : "\n[");
                        Put(ref span, parts.aliases[i]);
                        Put(ref span, "] ");
                        Put(ref span, parts.Prompts.Body(parts.candidates[i], parts.IsBrief).Text);
                    }

                    Put(ref span, parts.tail);
                    Put(ref span, parts.Text);
                });
        }

        return new Prompt
        {
            Question = question,
            Aliases = aliases,
            Messages = [new ChatMessage(ChatRole.System, plan.System), new ChatMessage(ChatRole.User, user)],
            Schema = plan.Schema,
            Scale = plan.Scale,
            Reasons = plan.Reasons,
            MaxOutputTokens = plan.MaxOutputTokens(question),
            TopLogProbabilities = plan.TopLogProbabilities,
            EstimatedTokens = _renderer.Estimator.EstimateCall(features),
            Features = features,
            SharedPrefixBytes = prefix.Bytes,
            TemplateHash = plan.TemplateHash,
            PrefixHash = prefix.Hash,
        };
    }

    public IReadOnlyList<PromptBlock> Describe(Question question)
    {
        PromptPlan plan = Check(question);
        bool shared = Layout(question) == PromptLayout.Shared;
        var parts = new List<PromptBlock> { Part("system", plan.System, true) };
        string user = Render(question).Messages[1].Text;
        int at = 0;
        foreach ((string name, string text) in _blocks)
        {
            if (name is "candidates" && shared)
            {
                string all = CandidatesText();
                parts.Add(Part(name, all, true));
                at += all.Length;
            }
            else if (name is not "candidates")
            {
                parts.Add(Part(name, text, true));
                at += text.Length;
            }
        }

        if (!shared)
        {
            // Candidates are cut where the question's own sentence begins: both are at the end.
            (_, string tail) = CandidateBlock();
            int end = user.LastIndexOf(tail, StringComparison.Ordinal) + tail.Length;
            parts.Add(Part("candidates", user[at..end], false));
            at = end;
        }

        parts.Add(Part("question", user[at..], false));
        return parts;
    }

    private static void Put(ref Span<char> span, string text)
    {
        text.CopyTo(span);
        span = span[text.Length..];
    }

    private PromptBlock Part(string name, string text, bool shared) =>
        new(name, Encoding.UTF8.GetByteCount(text), _renderer.Estimator.Estimate(text), shared);

    private PromptPlan Check(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        foreach (int candidate in question.Candidates)
        {
            if ((uint)candidate >= (uint)_bodies.Length)
            {
                throw new ArgumentException(
                    $"The question shows candidate {candidate}, and the request has {_bodies.Length}.", nameof(question));
            }
        }

        PromptPlan plan = _renderer.Plan(question.Kind, _request.Rationales);
        return plan.Letters && question.Candidates.Count > PromptAliases.MaxLetters
            ? throw new ArgumentException(
                $"The question shows {question.Candidates.Count} candidates, and one letter can name " +
                $"{PromptAliases.MaxLetters}; make the window smaller.",
                nameof(question))
            : plan;
    }

    // Aliases stand in an instruction as {#12}: the strategy knows numbers, only the prompt knows names.
    private static string Instruction(Question question, IReadOnlyList<string> aliases)
    {
        string text = question.Instruction;
        int at = text.IndexOf("{#", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder();
        int from = 0;
        while (at >= 0)
        {
            int end = text.IndexOf('}', at);
            if (end < 0)
            {
                break;
            }

            result.Append(text, from, at - from);
            bool isNumber = int.TryParse(
                text.AsSpan(at + 2, end - at - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int candidate);
            int place = -1;
            for (int i = 0; isNumber && place < 0 && i < aliases.Count; i++)
            {
                place = question.Candidates[i] == candidate ? i : -1;
            }

            result.Append(place >= 0 ? aliases[place] : "another");
            from = end + 1;
            at = text.IndexOf("{#", from, StringComparison.Ordinal);
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    private Prefix PrefixFor(QuestionKind kind, PromptPlan plan, bool shared)
    {
        if (_prefixes.TryGetValue((kind, shared), out Prefix? known))
        {
            return known;
        }

        string user = shared ? SharedBlocks() : OwnBlocks();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(plan.SystemHash);
        hash.AppendData(MemoryMarshal.AsBytes(user.AsSpan()));
        return _prefixes.GetOrAdd(
            (kind, shared),
            new Prefix(
                user,
                plan.SystemBytes + Encoding.UTF8.GetByteCount(user),
                plan.SystemFeatures + TokenFeatures.Of(user),
                Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))));
    }

    // Without candidates: they vary, so they come after everything that does not.
    private string OwnBlocks() =>
        _ownBlocks ??= string.Concat(_blocks.Where(block => block.Name != "candidates").Select(block => block.Text));

    private string SharedBlocks() =>
        _sharedBlocks ??= string.Concat(
            _blocks.Select(block => block.Name == "candidates" ? CandidatesText() : block.Text));

    private string CandidatesText()
    {
        (string head, string tail) = CandidateBlock();
        var text = new StringBuilder(head);
        for (int i = 0; i < _bodies.Length; i++)
        {
            text.Append(i == 0 ? "[" : "\n[").Append(PromptAliases.Number(i)).Append("] ").Append(Body(i).Text);
        }

        return text.Append(tail).ToString();
    }

    private (string Head, string Tail) CandidateBlock()
    {
        foreach ((string name, PromptText? _, string text) in _renderer.Blocks)
        {
            if (name == "candidates")
            {
                int at = text.IndexOf("{{candidates}}", StringComparison.Ordinal);
                return (text[..at], text[(at + "{{candidates}}".Length)..]);
            }
        }

        throw new InvalidOperationException("A template without a candidates block was loaded.");
    }

    private PromptRenderer.QuestionText Body(int candidate, bool isBrief = false) =>
        (isBrief ? _briefs : _bodies)[candidate] ??= _renderer.Line(_request.Candidates[candidate], isBrief);

    // Every block but the question, with its value; one whose value is empty is left out.
    private (string Name, string Text)[] Blocks()
    {
        var blocks = new List<(string, string)>();
        foreach ((string name, PromptText? template, string _) in _renderer.Blocks)
        {
            if (name == "candidates")
            {
                blocks.Add((name, ""));
            }
            else if (name != "question" && Value(name) is { Length: > 0 } value)
            {
                blocks.Add((name, template!.Render(value)));
            }
        }

        return [.. blocks];
    }

    private string Value(string block)
    {
        int limit = _renderer.Options.ProfileTokens;
        return block switch
        {
            "profile" => TextFence.Clean(_request.Profile, limit),
            "query" => Query(limit),
            "goal" => TextFence.Clean(_request.Goal, limit),
            "latest" => _request.History.Count == 0 ? "" : TextFence.Clean(_request.History[^1].Title, EntryTokens),
            _ => History(),
        };
    }

    // What the user typed stays first and whole; what rewriting added stands under it.
    private string Query(int limit)
    {
        string typed = TextFence.Clean(_request.Query, limit);
        string more = typed.Length > 0 ? TextFence.Clean(_request.QueryAdditions, limit) : "";
        return more.Length > 0 ? $"{typed}\n(also: {more})" : typed;
    }

    // Oldest first, and when there are too many, half of the most at a time goes: in between, the text only grows at its
    // end and stays a cached prefix.
    private string History()
    {
        IReadOnlyList<HistoryEntry> history = _request.History;
        int most = _renderer.Options.History;
        if (most == 0 || history.Count == 0)
        {
            return "";
        }

        int step = Math.Max(1, most / 2);
        int from = history.Count <= most ? 0 : (history.Count - most + step - 1) / step * step;
        var text = new StringBuilder();
        for (int i = from; i < history.Count; i++)
        {
            string title = TextFence.Clean(history[i].Title, EntryTokens);
            if (title.Length == 0)
            {
                continue;
            }

            string value = history[i].Value is { } given && float.IsFinite(given)
                ? given.ToString("0.##", CultureInfo.InvariantCulture)
                : "";
            text.Append(text.Length > 0 ? "\n- " : "- ").Append(_renderer.Entry.Render(title, value));
        }

        return text.ToString();
    }

    private sealed record Prefix(string User, int Bytes, TokenFeatures Features, string Hash);
}
