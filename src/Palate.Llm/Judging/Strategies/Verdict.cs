namespace Palate.Llm;

/// <summary>What a strategy concludes from the evidence of a request.</summary>
public record Verdict
{
    private readonly Lazy<IReadOnlyList<int>> _order;

    /// <summary>A verdict whose order is worked out when it is first read.</summary>
    public Verdict(Func<IReadOnlyList<int>> order) => _order = new Lazy<IReadOnlyList<int>>(order);

    /// <summary>All candidates as the method's source orders them, best first.</summary>
    public IReadOnlyList<int> Order => _order.Value;

    /// <summary>
    /// Whether <see cref="Order"/> weighs the base ranking itself and is the answer; otherwise the evidence's utilities are
    /// blended with the base scores.
    /// </summary>
    public virtual bool IsFinal => false;

    /// <summary>Whether a model was to be asked.</summary>
    public virtual bool AsksModel => true;

    /// <summary>What there is to say of the whole order, in sentences; empty for nothing.</summary>
    public virtual string Reason => "";

    /// <summary>Why a candidate has its place; null where the judgments on it say it all.</summary>
    public virtual Explanation? Explain(int candidate) => null;

    /// <summary>The part of the evidence that says who is how relevant: trust and students learn from it.</summary>
    public virtual Evidence Relevance(Evidence evidence) => evidence;
}
