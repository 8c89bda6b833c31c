namespace Palate;

/// <summary>The catalog in bands of popularity: how much of what is shown falls on the most popular items, and so on.</summary>
internal static class PopularityBands
{
    /// <summary>Where each band ends, as a share of the catalog.</summary>
    public static IReadOnlyList<double> Ends { get; } = [0.01, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>The share of all exposures that each band has; 0 throughout when there are none.</summary>
    /// <param name="exposures">How often each item occurs.</param>
    /// <param name="byPopularity">All items, the most popular first.</param>
    public static double[] Shares(int[] exposures, int[] byPopularity)
    {
        double total = exposures.Sum(exposure => (double)exposure);
        double[] shares = new double[Ends.Count];
        int band = 0;
        for (int place = 0; place < exposures.Length; place++)
        {
            while (place >= Math.Ceiling(Ends[band] * exposures.Length))
            {
                band++;
            }

            shares[band] += total == 0 ? 0 : exposures[byPopularity[place]] / total;
        }

        return shares;
    }
}
