using System.Security.Cryptography;
using System.Text;

namespace Palate.Llm;

/// <summary>A way of putting questions to a model, read from a file: instructions, and what is shown in which order.</summary>
/// <remarks>
/// A template is a style; each kind of question is a form (<c>forms/*.yaml</c>) that goes with every style, so that seven
/// styles and eight forms are fifteen files. Immutable.
/// </remarks>
public sealed class PromptTemplate
{
    private readonly Dictionary<QuestionKind, (PromptForm Form, string Hash)> _forms = [];

    internal PromptTemplate(string content, IEnumerable<PromptForm> forms)
    {
        Content = content;
        foreach (PromptForm form in forms)
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(content + "\0" + form.Content));
            _forms[form.Kind] = (form, Convert.ToHexStringLower(hash.AsSpan(0, 8)));
        }

        Kinds = [.. _forms.Keys.Order()];
    }

    /// <summary>The name in settings and on the command line, for example <c>zero-shot</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The file as it is written.</summary>
    public string Content { get; }

    /// <summary>The version that the file states.</summary>
    public int Version { get; internal init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string Description { get; internal init; } = "";

    /// <summary>The file's name; embedded ones begin with <c>embedded:</c>.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>The kinds of questions that it can put.</summary>
    public IReadOnlyList<QuestionKind> Kinds { get; }

    /// <summary>The cap on thinking tokens; 0 where no thinking is asked for.</summary>
    public int ThinkingTokens { get; internal init; }

    internal string System { get; init; } = "";

    internal string Item { get; init; } = "";

    internal string Entry { get; init; } = "";

    /// <summary>The blocks of the user message, in order; the last is the question.</summary>
    internal IReadOnlyList<(string Name, string Text)> Blocks { get; init; } = [];

    /// <summary>Names the template and a form with their content; goes to logs and cache keys.</summary>
    /// <exception cref="ArgumentException">The template has no such form.</exception>
    public string Hash(QuestionKind kind) => Part(kind).Hash;

    internal PromptForm Form(QuestionKind kind) => Part(kind).Form;

    private (PromptForm Form, string Hash) Part(QuestionKind kind) =>
        _forms.TryGetValue(kind, out (PromptForm, string) part)
            ? part
            : throw new ArgumentException(
                $"The prompt template '{Name}' cannot put {kind} questions, only {string.Join(", ", Kinds)}; " +
                "take another template or another strategy.",
                nameof(kind));
}
