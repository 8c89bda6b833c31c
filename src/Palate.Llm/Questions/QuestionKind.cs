namespace Palate.Llm;

/// <summary>What a question asks of the candidates that it shows.</summary>
public enum QuestionKind
{
    /// <summary>A grade from 0 to 1 for each; one candidate is pointwise, several are batched pointwise.</summary>
    Grade,

    /// <summary>Whether the one candidate fits; the probability of "yes" is its grade.</summary>
    YesNo,

    /// <summary>Which of two is better.</summary>
    Pair,

    /// <summary>All of them, best first.</summary>
    Order,

    /// <summary>All of them, best first, read off the probabilities of the first token (FIRST).</summary>
    FirstToken,

    /// <summary>The one best of a set.</summary>
    Best,

    /// <summary>The best few of a group, as a set.</summary>
    Choose,

    /// <summary>All of them by one aspect, and the aspect to look at next (LLM4Rerank).</summary>
    Walk,
}
