namespace Palate.Llm;

/// <summary>Completes an order by the base ranking.</summary>
internal static class BaseFill
{
    /// <summary>The given candidates as they stand, then all others in base order.</summary>
    public static int[] After(IReadOnlyList<int> first, Evidence evidence)
    {
        bool[] placed = new bool[evidence.Candidates];
        foreach (int candidate in first)
        {
            placed[candidate] = true;
        }

        return [.. first, .. evidence.BaseOrder.Where(candidate => !placed[candidate])];
    }
}
