using System.Globalization;

namespace Palate.Llm;

/// <summary>Says what a walk did, for one candidate: a part for each step.</summary>
internal static class GraphExplanation
{
    public static Explanation Of(GraphWalk walk, int candidate)
    {
        int rank = Place(walk.Order, candidate);
        return new Explanation(
            "graph",
            (float)walk.Worth,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Rank {rank} after a walk of {walk.Steps.Count} steps; worth {walk.Worth:0.000} to the goal, the order by relevance {walk.BaseWorth:0.000}. {walk.Reason}"))
        {
            Parts =
            [
                .. walk.Steps.Select((step, number) => new Explanation(
                    step.Node,
                    (float)step.Worth,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Step {number + 1}{(number == walk.Taken ? ", taken" : "")}: rank {Place(step.Order, candidate)}; moved the list by {step.Change:0.00}; {Values(step)}{Tokens(step)}; then {(step.Next.Length > 0 ? step.Next : "nowhere")}."))),
            ],
        };
    }

    private static string Values(GraphStep step) => string.Join(", ", step.Values.Select(value =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:0.00}")));

    private static string Tokens(GraphStep step) =>
        step.Tokens > 0 ? string.Create(CultureInfo.InvariantCulture, $"; about {step.Tokens} tokens") : "";

    private static int Place(IReadOnlyList<int> order, int candidate)
    {
        int rank = 1;
        foreach (int other in order)
        {
            if (other == candidate)
            {
                break;
            }

            rank++;
        }

        return rank;
    }
}
