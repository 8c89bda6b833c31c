using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Palate.Llm;

/// <summary>Everything of one template and one kind of question that no request changes.</summary>
internal sealed class PromptPlan
{
    private const int ReasonTokens = 48;

    private readonly PromptForm _form;
    private readonly PromptText _question;
    private readonly int _thinking;

    public PromptPlan(PromptTemplate template, PromptOptions options, QuestionKind kind, bool reasons)
    {
        _form = template.Form(kind);
        Reasons = reasons && _form.ReplyReasons is not null;
        _thinking = template.ThinkingTokens;
        TemplateHash = template.Hash(kind);
        Letters = kind == QuestionKind.FirstToken;
        System = PromptText.Of(template.System, "domain", "instruction", "reply", "example", "thinking").Render(
            TextFence.Clean(options.Domain, options.ProfileTokens),
            _form.Instruction,
            Reasons ? _form.ReplyReasons! : _form.Reply,
            _form.Example,
            _thinking > 0 ? _thinking.ToString(CultureInfo.InvariantCulture) : "").TrimEnd();
        SystemBytes = Encoding.UTF8.GetByteCount(System);
        SystemFeatures = TokenFeatures.Of(System);
        JsonElement? schema = Reasons ? _form.SchemaReasons : _form.Schema;
        Schema = schema is { } plain && _thinking > 0 ? PromptFile.WithThinking(plain) : schema;
        _question = PromptText.Of(_form.Question, "aliases", "wanted", "count", "all", "instruction");
        SystemHash = SHA256.HashData(Encoding.UTF8.GetBytes(System + "\0" + Schema?.GetRawText()));
    }

    public string TemplateHash { get; }

    public string System { get; }

    public int SystemBytes { get; }

    public TokenFeatures SystemFeatures { get; }

    public byte[] SystemHash { get; }

    public JsonElement? Schema { get; }

    public GradeScale Scale => _form.Scale;

    /// <summary>Whether candidates are named by single letters.</summary>
    public bool Letters { get; }

    public bool Reasons { get; }

    public int TopLogProbabilities => _form.FirstTokens;

    public int MaxOutputTokens(Question question)
    {
        int entries = question.Kind == QuestionKind.Grade ? question.Candidates.Count : question.Wanted;
        return _form.BaseTokens + entries * _form.EachTokens + _thinking + (Reasons ? entries * ReasonTokens : 0);
    }

    public string Ask(PromptText block, Question question, string aliases, string instruction)
    {
        string asked = _question.Render(
            aliases,
            question.Wanted.ToString(CultureInfo.InvariantCulture),
            question.Candidates.Count.ToString(CultureInfo.InvariantCulture),
            question.Wanted == question.Candidates.Count ? "all" : "",
            instruction);
        return block.Render(asked.Trim()).TrimEnd();
    }
}
