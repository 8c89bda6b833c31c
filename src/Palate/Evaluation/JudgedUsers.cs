namespace Palate;

/// <summary>The users who can be judged, because something relevant of theirs is held out, and what that is.</summary>
/// <remarks>Column by column; a user's place here is not their row. Immutable, safe to read from any thread.</remarks>
internal sealed class JudgedUsers
{
    public JudgedUsers(InteractionMatrix heldOut, float relevantFrom)
    {
        var rows = new List<int>();
        var relevant = new List<int[]>();
        var grades = new List<float[]>();
        for (int user = 0; user < heldOut.Rows; user++)
        {
            (int[] ownItems, float[] ownGrades) = RelevantTo(user, heldOut, relevantFrom);
            if (ownItems.Length > 0)
            {
                rows.Add(user);
                relevant.Add(ownItems);
                grades.Add(ownGrades);
            }
            else
            {
                Skipped++;
            }
        }

        Rows = [.. rows];
        Relevant = [.. relevant];
        Grades = [.. grades];
        Ideals = [.. grades.Select(own => own.OrderDescending().ToArray())];
    }

    public int Count => Rows.Length;

    /// <summary>How many users have nothing relevant held out.</summary>
    public int Skipped { get; }

    /// <summary>The matrix row of each user, ascending.</summary>
    public int[] Rows { get; }

    /// <summary>The relevant items of each user, ascending.</summary>
    public int[][] Relevant { get; }

    /// <summary>The grades of the relevant items, in their order.</summary>
    public float[][] Grades { get; }

    /// <summary>The same grades, descending.</summary>
    public float[][] Ideals { get; }

    private static (int[] Items, float[] Grades) RelevantTo(
        int user, InteractionMatrix heldOut, float relevantFrom)
    {
        ReadOnlySpan<int> items = heldOut.Row(user);
        ReadOnlySpan<float> values = heldOut.RowValues(user);
        var relevant = new List<int>();
        var grades = new List<float>();
        for (int place = 0; place < items.Length; place++)
        {
            if (values[place] > 0 && values[place] >= relevantFrom)
            {
                relevant.Add(items[place]);
                grades.Add(values[place]);
            }
        }

        return ([.. relevant], [.. grades]);
    }
}
