using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Palate.Llm;

/// <summary>Renders questions with one template.</summary>
/// <remarks>
/// Prompts are laid out for prefix caches: constant instructions and schema, the user's profile, history oldest first,
/// candidates, then what varies; what is equal between two prompts of a request is equal byte for byte. No id, no time and
/// no culture goes in. What the prompts of a request share is rendered once for each request object. Thread-safe.
/// </remarks>
public sealed class PromptRenderer
{
    private const int MaxQuestions = 4096;

    // A power of two. The same items come again in other requests, and fitting one's text costs 4 microseconds.
    private const int KeptLines = 8192;

    private readonly KnownLine?[] _lines = new KnownLine?[KeptLines];
    private readonly KnownLine?[] _briefLines = new KnownLine?[KeptLines];
    private readonly ConditionalWeakTable<RerankRequest, RequestPrompts> _requests = [];
    private readonly ConcurrentDictionary<(QuestionKind Kind, bool Reasons), PromptPlan> _plans = [];
    private readonly ConcurrentDictionary<(QuestionKind Kind, int Count, int Wanted), QuestionText> _questions = [];

    /// <summary>A renderer.</summary>
    /// <param name="template">What instructions and blocks there are.</param>
    /// <param name="options">What is shown; null for the defaults.</param>
    /// <param name="estimator">Estimates tokens; null for one that starts with the default weights.</param>
    public PromptRenderer(PromptTemplate template, PromptOptions? options = null, TokenEstimator? estimator = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        Template = template;
        Options = options ?? new PromptOptions();
        Options.Validate();
        Estimator = estimator ?? new TokenEstimator();
        Item = PromptText.Of(template.Item, "title", "facts", "text");
        Entry = PromptText.Of(template.Entry, "title", "value");
        Blocks = [.. template.Blocks.Select(block => (block.Name, Template: Compile(block.Name, block.Text), block.Text))];
    }

    /// <summary>The template.</summary>
    public PromptTemplate Template { get; }

    /// <summary>What is shown.</summary>
    public PromptOptions Options { get; }

    /// <summary>Estimates tokens, and learns from what is reported to it.</summary>
    public TokenEstimator Estimator { get; }

    internal PromptText Item { get; }

    internal PromptText Entry { get; }

    internal IReadOnlyList<(string Name, PromptText? Template, string Text)> Blocks { get; }

    /// <summary>The question as it goes to a model.</summary>
    /// <exception cref="ArgumentException">The template cannot put such a question, or the question shows a candidate that
    /// the request does not have, or more than 20 where letters name them.</exception>
    public Prompt Render(Question question, RerankRequest request) => For(request).Render(question);

    /// <summary>The parts of the prompt that <see cref="Render"/> gives, in order, with their size.</summary>
    public IReadOnlyList<PromptBlock> Describe(Question question, RerankRequest request) => For(request).Describe(question);

    internal PromptPlan Plan(QuestionKind kind, bool reasons) =>
        _plans.TryGetValue((kind, reasons), out PromptPlan? plan)
            ? plan
            : _plans.GetOrAdd((kind, reasons), key => new PromptPlan(Template, Options, key.Kind, key.Reasons));

    /// <summary>The question's own sentence where candidates stand in its order; the same for all of its shape.</summary>
    internal QuestionText Ask(PromptPlan plan, Question question)
    {
        (QuestionKind, int, int) key = (question.Kind, question.Candidates.Count, question.Wanted);
        if (question.Instruction.Length == 0 && _questions.TryGetValue(key, out QuestionText? known))
        {
            return known;
        }

        string aliases = PromptAliases.FirstInWords(question.Candidates.Count, plan.Letters);
        var asked = QuestionText.Of(plan.Ask(Blocks[^1].Template!, question, aliases, question.Instruction));
        if (question.Instruction.Length == 0 && _questions.Count < MaxQuestions)
        {
            _questions.TryAdd(key, asked);
        }

        return asked;
    }

    /// <summary>A candidate's line, without its alias.</summary>
    internal QuestionText Line(RerankCandidate candidate, bool isBrief = false)
    {
        ref KnownLine? slot = ref (isBrief ? _briefLines : _lines)[RuntimeHelpers.GetHashCode(candidate.Title) & (KeptLines - 1)];
        KnownLine? known = Volatile.Read(ref slot);
        if (known is null || !known.IsOf(candidate))
        {
            known = new KnownLine(candidate, QuestionText.Of(ItemText.Line(candidate, Options, Item, isBrief)));
            Volatile.Write(ref slot, known);
        }

        return known.Line;
    }

    private static PromptText? Compile(string name, string text) => name == "candidates" ? null : PromptText.Of(text, name);

    private RequestPrompts For(RerankRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _requests.TryGetValue(request, out RequestPrompts? prompts)
            ? prompts
            : _requests.GetValue(request, key => new RequestPrompts(this, key));
    }

    // The very same objects, as the catalog gives them; what is only equal is made again.
    private sealed class KnownLine(RerankCandidate candidate, QuestionText line)
    {
        private readonly string _title = candidate.Title;
        private readonly string _text = candidate.Text;
        private readonly object _attributes = candidate.Attributes;

        public QuestionText Line { get; } = line;

        public bool IsOf(RerankCandidate candidate) =>
            ReferenceEquals(_title, candidate.Title) && ReferenceEquals(_text, candidate.Text) &&
            ReferenceEquals(_attributes, candidate.Attributes);
    }

    /// <summary>A piece of a prompt with what it is made of.</summary>
    internal sealed record QuestionText(string Text, TokenFeatures Features)
    {
        public static QuestionText Of(string text) => new(text, TokenFeatures.Of(text));
    }
}
