namespace Palate.Llm;

/// <summary>All grades of one kind that a request has: a + b * (utility + noise), with a and b unknown.</summary>
/// <remarks>
/// The slope b follows from the spread of the grades: they spread by what the graded utilities are expected to, plus
/// noise. The offset a is integrated out, which takes the mean off both sides. Equal grades say nothing.
/// </remarks>
internal sealed class GradeTerm : LikelihoodTerm
{
    private readonly int[] _items;
    private readonly double[] _grades;
    private readonly double _spread;
    private readonly double _scores;

    // How often each unknown is graded, by its number.
    private readonly double[] _counts;

    /// <summary>Grades.</summary>
    /// <param name="items">The unknowns' numbers, repeated where a candidate was graded repeatedly.</param>
    /// <param name="grades">The grade of each; at least two different ones.</param>
    /// <param name="scores">The variance of the normal scores of the graded candidates.</param>
    public GradeTerm(int[] items, double[] grades, double scores)
    {
        double mean = grades.Average();
        _items = items;
        _grades = [.. grades.Select(grade => grade - mean)];
        _spread = Math.Sqrt(_grades.Sum(grade => grade * grade) / grades.Length);
        _scores = scores;
        _counts = new double[items.Max() + 1];
        foreach (int item in items)
        {
            _counts[item]++;
        }
    }

    public override bool IsQuadratic => true;

    public override double Value(ReadOnlySpan<double> x, in JudgeModel model)
    {
        int freedom = _items.Length - 1;
        if (!model.IsUseful)
        {
            return (-.5 * _items.Length) - (freedom * Math.Log(_spread));
        }

        double slope = Slope(model);
        double mean = Mean(x);
        double sum = 0;
        for (int at = 0; at < _items.Length; at++)
        {
            double off = (_grades[at] / slope) - (x[_items[at]] - mean);
            sum += off * off;
        }

        return (-.5 * sum / (model.Noise * model.Noise)) - (freedom * Math.Log(model.Noise * slope));
    }

    public override void AddDerivatives(
        ReadOnlySpan<double> x, in JudgeModel model, Span<double> gradient, Span<double> curvature, int stride)
    {
        if (!model.IsUseful)
        {
            return;
        }

        double slope = Slope(model);
        double mean = Mean(x);
        double precision = 1 / (model.Noise * model.Noise);
        double shared = precision / _items.Length;
        for (int at = 0; at < _items.Length; at++)
        {
            int item = _items[at];
            gradient[item] += precision * ((_grades[at] / slope) - (x[item] - mean));
            curvature[(item * stride) + item] += precision;
        }

        for (int row = 0; row < _counts.Length; row++)
        {
            double own = shared * _counts[row];
            Span<double> line = curvature.Slice(row * stride, _counts.Length);
            for (int column = row; own > 0 && column < line.Length; column++)
            {
                line[column] -= own * _counts[column];
            }
        }
    }

    private double Slope(in JudgeModel model)
    {
        double expected = (model.Correlation * model.Correlation * _scores) + model.UtilityVariance;
        return _spread / Math.Sqrt(expected + (model.Noise * model.Noise));
    }

    private double Mean(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (int item in _items)
        {
            sum += x[item];
        }

        return sum / _items.Length;
    }
}
