namespace Palate.Llm;

/// <summary>Judgments in an order of their own, so that sums do not depend on which reply came first.</summary>
internal static class EvidenceOrder
{
    /// <summary>The judgments sorted by what they say; the same answer to the same question counts once.</summary>
    public static IReadOnlyList<Judgment> Sort(IReadOnlyList<Judgment> judgments)
    {
        if (judgments.Count == 1)
        {
            return judgments;
        }

        var sorted = new List<Judgment>(judgments);
        sorted.Sort(Compare);
        int kept = 0;
        for (int at = 0; at < sorted.Count; at++)
        {
            if (kept == 0 || Compare(sorted[kept - 1], sorted[at]) != 0)
            {
                sorted[kept++] = sorted[at];
            }
        }

        sorted.RemoveRange(kept, sorted.Count - kept);
        return sorted;
    }

    private static int Compare(Judgment a, Judgment b)
    {
        Question left = a.Question;
        Question right = b.Question;
        int result = ((int)left.Kind).CompareTo((int)right.Kind);
        result = result != 0 ? result : left.Wanted.CompareTo(right.Wanted);
        result = result != 0 ? result : left.Repeat.CompareTo(right.Repeat);
        result = result != 0 ? result : a.IsOrdered.CompareTo(b.IsOrdered);
        result = result != 0 ? result : Compare(left.Candidates, right.Candidates);
        result = result != 0 ? result : Compare(a.Named, b.Named);
        result = result != 0 ? result : Compare(a.Grades, b.Grades);
        return result != 0 ? result : string.CompareOrdinal(left.Instruction, right.Instruction);
    }

    private static int Compare<T>(IReadOnlyList<T> a, IReadOnlyList<T> b)
        where T : IComparable<T>
    {
        int result = a.Count.CompareTo(b.Count);
        for (int at = 0; result == 0 && at < a.Count; at++)
        {
            result = a[at].CompareTo(b[at]);
        }

        return result;
    }
}
