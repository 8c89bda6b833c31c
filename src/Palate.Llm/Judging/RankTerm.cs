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

    public override bool IsQuadratic => false;

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
        ReadOnlySpan<double> x, in JudgeModel model, Span<double> gradient, Span<double> curvature, int stride)
    {
        int m = _items.Length;
        int bias = x.Length - 1;
        double utility = model.UtilityWeight;
        double place = model.BiasWeight;
        bool isUseful = utility > 0;

        // C_p and D_p: the sums of 1 / S_t and 1 / S_t^2 over the stages t at which p was still there.
        double first = 0;
        double second = 0;
        double before = 0;
        double pull = 0;
        for (int p = 0; p < m; p++)
        {
            if (p < _stages)
            {
                double inverse = 1 / _suffix[p];
                first += inverse;
                second += inverse * inverse;
            }

            double e = _e[p];
            _second[p] = e * second;
            double expected = e * first;
            double slope = (p < _stages ? 1 : 0) - expected;
            pull += _places[p] * slope;

            // e_p times the sum over all q of e_q D_min(p,q) place_q: those before p here, p and those after below.
            _turned[p] = (expected * _places[p]) - (e * before);
            before += _second[p] * _places[p];
            if (isUseful)
            {
                int item = _items[p];
                gradient[item] += _share * utility * slope;
                curvature[(item * stride) + item] += _share * utility * utility * expected;
            }
        }

        gradient[bias] += _share * place * pull;
        double squared = _share * utility * utility;
        double crossed = _share * place * utility;
        double after = 0;
        double biased = 0;
        for (int p = m - 1; p >= 0; p--)
        {
            after += _e[p] * _places[p];
            double turned = _turned[p] - (_second[p] * after);
            biased += _places[p] * turned;
            if (isUseful)
            {
                int row = _items[p];
                curvature[(row * stride) + bias] += crossed * turned;
                double own = squared * _second[p];
                curvature[(row * stride) + row] -= own * _e[p];
                for (int q = p + 1; q < m; q++)
                {
                    int column = _items[q];
                    int at = row < column ? (row * stride) + column : (column * stride) + row;
                    curvature[at] -= own * _e[q];
                }
            }
        }

        curvature[(bias * stride) + bias] += _share * place * place * biased;
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
