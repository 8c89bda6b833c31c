namespace Palate.Llm;

/// <summary>Everything that was judged, as terms of one log likelihood.</summary>
internal sealed class Likelihood
{
    /// <param name="terms">What was judged.</param>
    /// <param name="unknowns">How many unknowns the terms number.</param>
    public Likelihood(LikelihoodTerm[] terms, int unknowns)
    {
        Terms = terms;
        IsQuadratic = true;
        IsSeparate = true;
        bool[] isSeen = new bool[unknowns];
        foreach (LikelihoodTerm term in terms)
        {
            IsQuadratic &= term.IsQuadratic;
            foreach (int item in term.Items)
            {
                IsSeparate &= !isSeen[item];
                isSeen[item] = true;
            }
        }

        Order = IsSeparate ? null : EliminationOrder.Of(terms, unknowns);
        Unseen = [.. Enumerable.Range(0, unknowns).Where(item => !isSeen[item])];
    }

    public LikelihoodTerm[] Terms { get; }

    /// <summary>Whether one Newton step is exact.</summary>
    public bool IsQuadratic { get; }

    /// <summary>Whether no unknown but the pull of the place is in two terms.</summary>
    public bool IsSeparate { get; }

    /// <summary>In which order the unknowns are eliminated; null where every term is solved by itself.</summary>
    public EliminationOrder? Order { get; }

    /// <summary>The unknowns that no term is about.</summary>
    public int[] Unseen { get; }
}
