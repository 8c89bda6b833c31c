namespace Palate.Llm;

/// <summary>Orders that look random and are fixed by a seed on every platform.</summary>
internal static class SeededShuffle
{
    /// <summary>A copy of the candidates in an order that depends on the seed, the stream and the candidates alone.</summary>
    /// <remarks>Sorts by SplitMix64 (Steele, Lea and Flood 2014) of candidate, stream and seed.</remarks>
    public static int[] Of(IEnumerable<int> candidates, ulong seed, int stream)
    {
        ulong start = Mix(Mix(seed) + (ulong)stream);
        return [.. candidates.OrderBy(candidate => Mix(start ^ (ulong)candidate)).ThenBy(candidate => candidate)];
    }

    private static ulong Mix(ulong state)
    {
        ulong z = state + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
