namespace Palate.Llm;

/// <summary>How the asking for one request went.</summary>
public sealed class RunReport
{
    private readonly Dictionary<ReplyClass, int> _replies = [];
    private readonly Dictionary<ModelCallFailure, int> _failures = [];

    /// <summary>Why it ended.</summary>
    public StopReason Stop { get; internal set; }

    /// <summary>Rounds of questions, one after the other.</summary>
    public int Rounds { get; internal set; }

    /// <summary>Questions that the strategy asked.</summary>
    public int Questions { get; internal set; }

    /// <summary>Questions that got a judgment, whole or in part.</summary>
    public int Answered { get; internal set; }

    /// <summary>Answered questions of which a part is missing: candidates without a grade or a place.</summary>
    public int Incomplete { get; internal set; }

    /// <summary>Calls that were started, second tries included.</summary>
    public int Calls { get; internal set; }

    /// <summary>Candidates whose grade was known before asking.</summary>
    public int KnownGrades { get; internal set; }

    /// <summary>Tokens of prompts, cached ones included, as reported or else estimated.</summary>
    public long PromptTokens { get; internal set; }

    /// <summary>Tokens of prompts that came from the provider's prefix cache.</summary>
    public long CachedTokens { get; internal set; }

    /// <summary>Tokens of replies.</summary>
    public long OutputTokens { get; internal set; }

    /// <summary>The model that answered last, as it names itself.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>How the last failed call failed; null when none did.</summary>
    public ModelCallFailure? LastFailure { get; internal set; }

    /// <summary>How the replies could be read.</summary>
    public IReadOnlyDictionary<ReplyClass, int> Replies => _replies;

    /// <summary>How calls failed.</summary>
    public IReadOnlyDictionary<ModelCallFailure, int> Failures => _failures;

    internal void Count(ReplyClass reply) => _replies[reply] = _replies.GetValueOrDefault(reply) + 1;

    internal void Count(ModelCallFailure failure) => _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
}
