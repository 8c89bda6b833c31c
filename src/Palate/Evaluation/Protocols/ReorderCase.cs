namespace Palate;

/// <summary>One user's candidates, to be put into another order.</summary>
/// <remarks>Immutable by convention. What is held out is not here: a re-orderer cannot look it up.</remarks>
public sealed class ReorderCase
{
    internal ReorderCase(int user, int[] items, float[] scores, int[] history, ShapingList list)
    {
        User = user;
        Items = items;
        Scores = scores;
        History = history;
        List = list;
    }

    /// <summary>The user's row in the training matrix.</summary>
    public int User { get; }

    /// <summary>The candidates' item indices in the base order.</summary>
    public int[] Items { get; }

    /// <summary>The ranker's score of each candidate.</summary>
    public float[] Scores { get; }

    /// <summary>The items that the user had before, ascending.</summary>
    public int[] History { get; }

    /// <summary>The same candidates for a <see cref="Shaper"/>: relevance, topics, taste, groups, novelty.</summary>
    public ShapingList List { get; }
}
