namespace Palate;

/// <summary>Something that puts candidates into another order.</summary>
/// <param name="Name">Its name in the table, unique.</param>
/// <param name="Order">Gives the places 0 to n - 1 of a case's candidates, each once, in the new order.</param>
public sealed record Reorderer(string Name, Func<ReorderCase, int[]> Order)
{
    /// <summary>A shaper at a weight.</summary>
    /// <param name="shaper">The shaper.</param>
    /// <param name="weight">0 to 1.</param>
    /// <param name="top">How many places it shapes; all when there are fewer.</param>
    public static Reorderer Of(Shaper shaper, float weight, int top)
    {
        ArgumentNullException.ThrowIfNull(shaper);
        return new Reorderer(
            FormattableString.Invariant($"{shaper.Name} {weight:0.###}"), own => shaper.Shape(own.List, top, weight));
    }
}
