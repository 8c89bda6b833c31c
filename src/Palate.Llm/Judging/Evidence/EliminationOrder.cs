namespace Palate.Llm;

/// <summary>In which order the unknowns of a fit are eliminated.</summary>
/// <remarks>
/// Those that a single term is about come first, term by term: eliminating one of them touches no other term's, so their
/// part of the factor stays empty. Those that several terms are about follow, and last, as everywhere, the pull of the
/// place (nested dissection of depth one, George 1973).
/// </remarks>
internal sealed class EliminationOrder
{
    private EliminationOrder(int[] places, int[] ends, int shared)
    {
        Places = places;
        Ends = ends;
        Shared = shared;
    }

    /// <summary>Where each unknown stands.</summary>
    public int[] Places { get; }

    /// <summary>For each place, where those end that are coupled with it, apart from the shared ones.</summary>
    public int[] Ends { get; }

    /// <summary>From which place on all are coupled with all.</summary>
    public int Shared { get; }

    /// <summary>As they are numbered, all coupled with all.</summary>
    public static EliminationOrder Natural(int count)
    {
        int[] ends = new int[count];
        Array.Fill(ends, count);
        return new EliminationOrder([.. Enumerable.Range(0, count)], ends, 0);
    }

    /// <summary>The order for some terms.</summary>
    /// <param name="terms">What was judged.</param>
    /// <param name="unknowns">How many unknowns they number; the pull of the place is one more.</param>
    public static EliminationOrder Of(LikelihoodTerm[] terms, int unknowns)
    {
        int[] about = new int[unknowns];
        foreach (LikelihoodTerm term in terms)
        {
            foreach (int item in term.Items)
            {
                about[item]++;
            }
        }

        int[] places = new int[unknowns + 1];
        int[] ends = new int[unknowns + 1];
        int place = 0;
        for (int item = 0; item < unknowns; item++)
        {
            if (about[item] == 0)
            {
                places[item] = place;
                ends[place] = ++place;
            }
        }

        foreach (LikelihoodTerm term in terms)
        {
            int first = place;
            foreach (int item in term.Items)
            {
                if (about[item] == 1)
                {
                    places[item] = place++;
                }
            }

            ends.AsSpan(first, place - first).Fill(place);
        }

        int shared = place;
        for (int item = 0; item < unknowns; item++)
        {
            if (about[item] > 1)
            {
                places[item] = place++;
            }
        }

        places[unknowns] = unknowns;
        ends.AsSpan(shared).Fill(unknowns + 1);
        return new EliminationOrder(places, ends, shared);
    }
}
