namespace Palate.Llm;

/// <summary>The words with which replies name nodes.</summary>
internal static class GraphWords
{
    public const string Stop = "Stop";
    public const string Backward = "Backward";

    // How much more or less a node counts when the reply asks for it.
    private const double More = 2;
    private const double Less = 0.5;

    public static bool IsFunction(string name) => Is(name, Stop) || Is(name, Backward);

    public static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the node that a reply names: "diversity", "more diversity", "Fairness, slightly".</summary>
    /// <returns>The node's number, -1 for Stop, -2 for Backward, -3 when nothing that there is is named.</returns>
    public static int Find(string? next, IReadOnlyList<GraphNode> nodes, out double strength)
    {
        strength = 1;
        int found = -3;
        foreach (string word in (next ?? "").Split([' ', '_', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            strength = word.ToUpperInvariant() switch
            {
                "MORE" or "STRONG" or "STRONGLY" or "MUCH" => More,
                "LESS" or "WEAK" or "SLIGHTLY" => Less,
                _ => strength,
            };
            for (int node = 0; node < nodes.Count && found == -3; node++)
            {
                found = Is(word, nodes[node].Name) ? node : found;
            }

            found = found != -3 ? found : Is(word, Stop) ? -1 : Is(word, Backward) ? -2 : -3;
        }

        return found;
    }
}
