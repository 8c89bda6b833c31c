namespace Palate.Llm;

/// <summary>An order of candidates, or of the first few of them: Plackett (1975) and Luce (1959).</summary>
/// <remarks>
/// The best is drawn with the probability e_1 / (e_1 + ... + e_m), the second among those that are left, and so on, with
/// e = exp((utility + bias * place) / scale). It is the order of utilities with Gumbel noise, and log-concave.
/// </remarks>
internal sealed class RankTerm : LikelihoodTerm
{
    private readonly int[] _items;
    private readonly double[] _places;
    private readonly int _stages;
    private readonly double _share;
    private readonly double[] _e;
    private readonly double[] _suffix;
    private readonly double[] _second;
    private readonly double[] _turned;

    /// <summary>An order.</summary>
    /// <param name="items">The unknowns' numbers: those named best first, then the others in any order.</param>
    /// <param name="places">Where each was shown: 1 for first to -1 for last.</param>
    /// <param name="named">How many are named.</param>
    /// <param name="share">What the term counts; less than 1 where several terms share one piece of knowledge.</param>
    public RankTerm(int[] items, double[] places, int named, double share = 1)
    {
        _share = share;
        _items = items;
        _places = places;
        _stages = Math.Min(named, items.Length - 1);
        _e = new double[items.Length];
        _suffix = new double[items.Length + 1];
        _second = new double[items.Length];
        _turned = new double[items.Length];
    }

    /// <summary>A set chosen from a group, without an order inside.</summary>
    /// <remarks>
    /// Each of the chosen is the best of itself and all that were not. For one that is exact; for more it takes the
    /// comparisons as independent, which they are not: they share what was not chosen, hence the smaller share.
    /// </remarks>
    /// <param name="items">The unknowns' numbers: the chosen first.</param>
    /// <param name="places">Where each was shown: 1 for first to -1 for last.</param>
    /// <param name="chosen">How many were chosen.</param>
    public static IEnumerable<RankTerm> Choice(int[] items, double[] places, int chosen)
    {
        for (int choice = 0; choice < chosen; choice++)
        {
            yield return new RankTerm(
                [items[choice], .. items.AsSpan(chosen)],
                [places[choice], .. places.AsSpan(chosen)],
                named: 1,
                1 / Math.Sqrt(chosen));
        }
    }

    public override double Value(ReadOnlySpan<double> x, in JudgeModel model)
    {
        double largest = Weigh(x, model);
        double value = 0;
        for (int stage = 0; stage < _stages; stage++)
        {
            value += _turned[stage] - largest - Math.Log(_suffix[stage]);
        }

        return _share * value;
    }

    public override void AddDerivatives(
        ReadOnlySpan<double> x, in JudgeModel model, Span<double> gradient, Span<double> curvature)
    {
        _ = Weigh(x, model);
        int m = _items.Length;
        int bias = x.Length - 1;
        double utility = model.UtilityWeight;
        double place = model.BiasWeight;

        // C_p and D_p: the sums of 1 / S_t and 1 / S_t^2 over the stages t at which p was still there.
        double first = 0;
        double second = 0;
        for (int p = 0; p < m; p++)
        {
            if (p < _stages)
            {
                double inverse = 1 / _suffix[p];
                first += inverse;
                second += inverse * inverse;
            }

            _second[p] = second;
            double expected = _e[p] * first;
            double slope = (p < _stages ? 1 : 0) - expected;
            gradient[bias] += _share * place * _places[p] * slope;
            _turned[p] = expected * _places[p];
            if (utility > 0)
            {
                int item = _items[p];
                gradient[item] += _share * utility * slope;
                curvature[(item * x.Length) + item] += _share * utility * utility * expected;
            }
        }

        double squared = _share * utility * utility;
        for (int p = 0; p < m; p++)
        {
            int row = _items[p];
            double e = _e[p];
            double own = e * e * _second[p];
            _turned[p] -= own * _places[p];
            if (utility > 0)
            {
                curvature[(row * x.Length) + row] -= squared * own;
            }

            for (int q = 0; q < p; q++)
            {
                double both = e * _e[q] * _second[q];
                _turned[p] -= both * _places[q];
                _turned[q] -= both * _places[p];
                if (utility > 0)
                {
                    int column = _items[q];
                    int at = row > column ? (row * x.Length) + column : (column * x.Length) + row;
                    curvature[at] -= squared * both;
                }
            }
        }

        for (int p = 0; p < m; p++)
        {
            curvature[(bias * x.Length) + bias] += _share * place * place * _places[p] * _turned[p];
            if (utility > 0)
            {
                curvature[(bias * x.Length) + _items[p]] += _share * place * utility * _turned[p];
            }
        }
    }

    // Leaves exponents in _turned, e in _e and the sums of what is left at each stage in _suffix.
    private double Weigh(ReadOnlySpan<double> x, in JudgeModel model)
    {
        double utility = model.UtilityWeight;
        double bias = model.BiasWeight * x[^1];
        double largest = double.NegativeInfinity;
        for (int p = 0; p < _items.Length; p++)
        {
            double own = utility > 0 ? utility * x[_items[p]] : 0;
            _turned[p] = own + (bias * _places[p]);
            largest = Math.Max(largest, _turned[p]);
        }

        _suffix[_items.Length] = 0;
        for (int p = _items.Length - 1; p >= 0; p--)
        {
            // Beyond exp(-300) nothing changes any more, and its inverse square stays finite.
            _e[p] = Math.Exp(Math.Max(_turned[p] - largest, -300));
            _suffix[p] = _suffix[p + 1] + _e[p];
        }

        return largest;
    }
}
