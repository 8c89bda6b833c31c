namespace Palate.Llm;

/// <summary>All grades of one kind that a request has: a + b * (utility + noise), with a and b unknown.</summary>
/// <remarks>
/// The slope b follows from the spread of the grades: they spread by what the graded utilities are expected to, plus
/// noise. The offset a is integrated out, which takes the mean off both sides. Equal grades say nothing.
/// </remarks>
internal sealed class GradeTerm : LikelihoodTerm
{
    // The place among the items of each grade.
    private readonly int[] _at;
    private readonly double[] _grades;
    private readonly double _spread;
    private readonly double _scores;

    /// <summary>Grades.</summary>
    /// <param name="items">The unknowns' numbers, each once.</param>
    /// <param name="at">Which of them each grade is for, by its place there.</param>
    /// <param name="grades">The grades; at least two different ones.</param>
    /// <param name="scores">The variance of the normal scores of the graded candidates.</param>
    public GradeTerm(int[] items, int[] at, double[] grades, double scores)
        : base(items)
    {
        double mean = grades.Average();
        _at = at;
        _grades = [.. grades.Select(grade => grade - mean)];
        _spread = Math.Sqrt(_grades.Sum(grade => grade * grade) / grades.Length);
        _scores = scores;
    }

    public override bool IsQuadratic => true;

    public override double Value(ReadOnlySpan<double> x, in JudgeModel model)
    {
        int freedom = _at.Length - 1;
        if (!model.IsUseful)
        {
            return (-.5 * _at.Length) - (freedom * Math.Log(_spread));
        }

        double slope = Slope(model);
        double mean = Mean(x);
        double sum = 0;
        for (int at = 0; at < _at.Length; at++)
        {
            double off = (_grades[at] / slope) - (x[Items[_at[at]]] - mean);
            sum += off * off;
        }

        return (-.5 * sum / (model.Noise * model.Noise)) - (freedom * Math.Log(model.Noise * slope));
    }

    public override void Derive(ReadOnlySpan<double> x, in JudgeModel model)
    {
        if (!model.IsUseful)
        {
            return;
        }

        double slope = Slope(model);
        double mean = Mean(x);
        double precision = 1 / (model.Noise * model.Noise);
        double shared = precision / _at.Length;
        Gradient.Clear();
        Right.Clear();
        for (int at = 0; at < _at.Length; at++)
        {
            int p = _at[at];
            Gradient[p] += precision * ((_grades[at] / slope) - (x[Items[p]] - mean));
            Right[p]++;
        }

        for (int p = 0; p < Items.Length; p++)
        {
            double count = Right[p];
            Left[p] = shared * count;
            Diagonal[p] = (precision - (shared * count)) * count;
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
        foreach (int at in _at)
        {
            sum += x[Items[at]];
        }

        return sum / _at.Length;
    }
}
