namespace Palate.Llm;

/// <summary>Decides what to ask the model next, given what it has said so far.</summary>
/// <remarks>
/// Pure: the same evidence gives the same questions. It keeps no state between rounds: a strategy that sorts replays its
/// sort over the judgments that are there, and the first comparison that is missing is its next question. Every strategy
/// ends: a question that failed counts as answered, by the order that the evidence has of its candidates.
/// Thread-safe, because it has nothing to share.
/// </remarks>
public abstract class Strategy
{
    /// <summary>The name in settings, on the command line and in reports, for example <c>setwise-heapsort</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The questions to ask now, which do not depend on each other; empty when there is nothing left to ask.</summary>
    /// <param name="evidence">The base ranking and everything that was asked and answered so far.</param>
    public abstract IReadOnlyList<Question> NextRound(Evidence evidence);

    /// <summary>The strategy for one request; most need nothing but the evidence and return themselves.</summary>
    /// <param name="request">What is known beside the evidence: attributes, goal.</param>
    /// <param name="baseShare">How much the base ranking counts beside the model, 0 to 1.</param>
    public virtual Strategy For(RerankRequest request, double baseShare) => this;

    /// <summary>What follows from the evidence as it is, at any moment.</summary>
    public virtual Verdict Finish(Evidence evidence) => new(() => Order(evidence));

    /// <summary>How many calls one request may start at most.</summary>
    public virtual int MaxCalls => int.MaxValue;

    /// <summary>Whether asking ends early when the top by relevance is settled.</summary>
    public virtual bool EndsWhenSettled => true;

    /// <summary>The attributes whose shares in the user's history the request has to have.</summary>
    public virtual IEnumerable<string> TasteAttributes => [];

    /// <summary>Whether the request has to say how novel each candidate is.</summary>
    public virtual bool UsesNovelty => false;

    /// <summary>The request as prompts show it.</summary>
    public virtual RerankRequest Shown(RerankRequest request) => request;

    /// <summary>All candidates as the method's source orders them, best first; where it defines no order, the evidence's.</summary>
    protected virtual IReadOnlyList<int> Order(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Order();
    }
}
