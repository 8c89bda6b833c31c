namespace Palate;

/// <summary>Collects the values of all users for one stage.</summary>
/// <remarks>Each user's place is written by one thread; sums run over the users in order, so they repeat exactly.</remarks>
internal sealed class Tally
{
    /// <summary>Up to which cutoff the curves go.</summary>
    public const int CurveLength = 100;

    private readonly Metric[] _metrics;

    // Curves of one user after the other: recall, then NDCG, each CurveLength long.
    private readonly float[] _curves;

    public Tally(Metric[] metrics, int users)
    {
        _metrics = metrics;
        _curves = new float[users * 2 * CurveLength];
        PerUser = [.. metrics.Select(metric => metric.IsAggregate ? [] : new double[users])];
    }

    /// <summary>The value of each user by metric; empty for metrics of all lists together.</summary>
    public double[][] PerUser { get; }

    /// <summary>Every metric, all being of accuracy, and both curves.</summary>
    public void AddAccuracy(int user, ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal)
    {
        for (int index = 0; index < _metrics.Length; index++)
        {
            PerUser[index][user] = _metrics[index].Evaluate(grades, ideal);
        }

        AddCurves(user, grades, ideal);
    }

    public void AddCurves(int user, ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal)
    {
        Span<float> own = _curves.AsSpan(user * 2 * CurveLength, 2 * CurveLength);
        int hits = 0;
        double gain = 0;
        double best = 0;
        for (int index = 0; index < CurveLength; index++)
        {
            double discount = 1 / Math.Log2(index + 2);
            best += index < ideal.Length ? discount : 0;
            if (index < grades.Length && grades[index] > 0)
            {
                hits++;
                gain += discount;
            }

            own[index] = (float)hits / ideal.Length;
            own[CurveLength + index] = (float)(gain / best);
        }
    }

    public StageResult Summarise(string name, Func<Metric, double>? aggregate = null)
    {
        var means = new Dictionary<string, double>(StringComparer.Ordinal);
        var perUser = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (int index = 0; index < _metrics.Length; index++)
        {
            Metric metric = _metrics[index];
            double mean = metric.IsAggregate ? aggregate?.Invoke(metric) ?? double.NaN : Mean(PerUser[index]);
            if (!double.IsNaN(mean))
            {
                means.Add(metric.Name, mean);
            }

            if (!metric.IsAggregate)
            {
                perUser.Add(metric.Name, PerUser[index]);
            }
        }

        double[] curves = new double[2 * CurveLength];
        int users = _curves.Length / curves.Length;
        for (int value = 0; value < _curves.Length; value++)
        {
            curves[value % curves.Length] += _curves[value];
        }

        for (int place = 0; place < curves.Length; place++)
        {
            curves[place] = users == 0 ? 0 : curves[place] / users;
        }

        return new StageResult
        {
            Name = name,
            Metrics = means,
            PerUser = perUser,
            RecallCurve = curves[..CurveLength],
            NdcgCurve = curves[CurveLength..],
        };
    }

    /// <summary>The mean of those that have a value; NaN when none has.</summary>
    public static double Mean(double[] values)
    {
        double sum = 0;
        int count = 0;
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
