namespace Palate;

/// <summary>One method at one weight, among the points of a sweep.</summary>
/// <param name="Method">The shaper's name.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Row">What it achieved.</param>
public sealed record ReorderFrontPoint(string Method, float Weight, ReorderRow Row)
{
    /// <summary>The points that no other beats in both metrics: the front, by the first metric, best first.</summary>
    /// <param name="points">All points.</param>
    /// <param name="first">A metric, for example <c>ndcg@10</c>.</param>
    /// <param name="second">
    /// The one that is traded against it, for example <c>topic_ndcg@10</c> or <c>mad@20</c>.
    /// </param>
    public static IReadOnlyList<ReorderFrontPoint> Front(
        IEnumerable<ReorderFrontPoint> points, string first, string second)
    {
        ArgumentNullException.ThrowIfNull(points);
        var front = new List<ReorderFrontPoint>();
        double most = double.NegativeInfinity;
        foreach (ReorderFrontPoint point in points
            .Where(point => point.Row.Metrics.ContainsKey(first) && point.Row.Metrics.ContainsKey(second))
            .OrderByDescending(point => Worth(point, first))
            .ThenByDescending(point => Worth(point, second)))
        {
            double worth = Worth(point, second);
            if (worth > most)
            {
                front.Add(point);
                most = worth;
            }
        }

        return front;
    }

    private static double Worth(ReorderFrontPoint point, string metric) =>
        ReorderProtocol.LowerIsBetter(metric) ? -point.Row.Metrics[metric] : point.Row.Metrics[metric];
}
