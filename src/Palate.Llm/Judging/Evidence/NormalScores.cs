namespace Palate.Llm;

/// <summary>What a standard normal sample of that size is expected to have at each rank (Blom 1958).</summary>
internal static class NormalScores
{
    /// <summary>The score of each candidate; equal base scores share the mean of their places.</summary>
    /// <param name="values">The base scores.</param>
    /// <param name="order">The candidates, best first.</param>
    public static double[] Of(ReadOnlySpan<float> values, IReadOnlyList<int> order)
    {
        double[] scores = new double[values.Length];
        for (int first = 0; first < order.Count;)
        {
            int end = first + 1;
            while (end < order.Count && values[order[end]] == values[order[first]])
            {
                end++;
            }

            double sum = 0;
            for (int place = first; place < end; place++)
            {
                sum += Quantile(1 - ((place + .625) / (order.Count + .25)));
            }

            for (int place = first; place < end; place++)
            {
                scores[order[place]] = sum / (end - first);
            }

            first = end;
        }

        return scores;
    }

    /// <summary>The standard normal quantile by Acklam's rational approximation; relative error below 1.2e-9.</summary>
    /// <param name="p">A probability, more than 0 and less than 1.</param>
    public static double Quantile(double p)
    {
        const double Low = 0.02425;
        if (p > .5)
        {
            return -Quantile(1 - p);
        }

        if (p >= Low)
        {
            double q = p - .5;
            double r = q * q;
            return ((((((((((-3.969683028665376e+01 * r) + 2.209460984245205e+02) * r) - 2.759285104469687e+02) * r)
                + 1.383577518672690e+02) * r) - 3.066479806614716e+01) * r) + 2.506628277459239e+00) * q
                / ((((((((((-5.447609879822406e+01 * r) + 1.615858368580409e+02) * r) - 1.556989798598866e+02) * r)
                + 6.680131188771972e+01) * r) - 1.328068155288572e+01) * r) + 1);
        }

        double t = Math.Sqrt(-2 * Math.Log(p));
        return ((((((((((-7.784894002430293e-03 * t) - 3.223964580411365e-01) * t) - 2.400758277161838e+00) * t)
            - 2.549732539343734e+00) * t) + 4.374664141464968e+00) * t) + 2.938163982698783e+00)
            / ((((((((7.784695709041462e-03 * t) + 3.224671290700398e-01) * t) + 2.445134137142996e+00) * t)
            + 3.754408661907416e+00) * t) + 1);
    }
}
