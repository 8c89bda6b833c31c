using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>One call for one question: what is sent, and what has come back of it so far.</summary>
internal sealed class QuestionCall(Question question, Prompt prompt)
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _pieces = new();
    private string? _text = "";
    private IReadOnlyList<TokenProbability> _tokens = [];

    public Question Question { get; } = question;

    public Prompt Prompt { get; } = prompt;

    /// <summary>Whether this is the second try.</summary>
    public bool IsSecond { get; init; }

    /// <summary>What failed; null while nothing did.</summary>
    public ModelCallException? Failure { get; set; }

    public UsageDetails? Usage { get; set; }

    public string Model { get; set; } = "";

    /// <summary>The reply so far.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return Whole();
            }
        }
    }

    public void Append(string more)
    {
        lock (_gate)
        {
            // Most replies that are not streamed come in one piece.
            bool isFirst = _pieces.Length == 0;
            _pieces.Append(more);
            _text = isFirst ? more : null;
        }
    }

    public void Take(IReadOnlyList<TokenProbability> tokens)
    {
        lock (_gate)
        {
            _tokens = tokens.Count > 0 ? tokens : _tokens;
        }
    }

    /// <summary>What can be read of the reply now.</summary>
    public ParsedReply Parse(bool isFinal)
    {
        lock (_gate)
        {
            return _tokens.Count > 0 && Prompt.TopLogProbabilities > 0
                ? ReplyParser.Parse(Prompt, _tokens)
                : ReplyParser.Parse(Prompt, Whole(), isFinal);
        }
    }

    private string Whole() => _text ??= _pieces.ToString();
}
