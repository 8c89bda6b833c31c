namespace Palate.Llm;

/// <summary>A set of candidates that were chosen from a group, without an order inside.</summary>
/// <remarks>
/// Each of the chosen is the best of itself and all that were not: e_i / (e_i + S), with S the sum over those that were
/// not, and e as in <see cref="RankTerm"/>. For one that is exact; for more it takes the comparisons as independent, which
/// they are not: they share what was not chosen, so each counts 1 / sqrt(chosen).
/// </remarks>
internal sealed class ChoiceTerm : ShownTerm
{
    private readonly int _chosen;
    private readonly double _share;
    private readonly double[] _weights;

    /// <summary>A choice.</summary>
    /// <param name="items">The unknowns' numbers: the chosen first, and at least one behind them.</param>
    /// <param name="places">Where each was shown: 1 for first to -1 for last.</param>
    /// <param name="chosen">How many were chosen.</param>
    public ChoiceTerm(int[] items, double[] places, int chosen)
        : base(items, places)
    {
        _chosen = chosen;
        _share = 1 / Math.Sqrt(chosen);
        _weights = new double[items.Length];
    }

    public override double Value(ReadOnlySpan<double> x, in JudgeModel model)
    {
        double[] turned = Turned;
        double largest = Turn(x, model, from: _chosen);
        double rest = 0;
        for (int p = turned.Length - 1; p >= 0; p--)
        {
            // Beyond exp(300) nothing changes any more, and inverse squares stay finite.
            turned[p] = Math.Min(turned[p] - largest, 300);
            _weights[p] = Math.Exp(Math.Max(turned[p], -300));
            rest += p >= _chosen ? _weights[p] : 0;
        }

        double value = 0;
        for (int p = 0; p < _chosen; p++)
        {
            double both = _weights[p] + rest;
            value += turned[p] - Math.Log(both);

            // What the derivatives go by for the chosen.
            turned[p] = 1 / both;
        }

        return _share * value;
    }

    public override void Derive(ReadOnlySpan<double> x, in JudgeModel model)
    {
        double[] inverses = Turned;
        double[] places = Places;
        int m = places.Length;
        double utility = model.UtilityWeight;
        double place = model.BiasWeight;
        double squared = _share * utility * utility;
        double crossed = _share * utility * place;

        // Sums over the chosen of 1 / (e_i + S), of its square, and of e_i place_i times that; over the others of e_q place_q.
        double first = 0;
        double second = 0;
        double chosen = 0;
        double others = 0;
        for (int p = 0; p < m; p++)
        {
            double there = _weights[p] * places[p];
            if (p < _chosen)
            {
                double inverse = inverses[p];
                first += inverse;
                second += inverse * inverse;
                chosen += there * inverse * inverse;
            }
            else
            {
                others += there;
            }
        }

        double pull = 0;
        double biased = 0;
        for (int p = 0; p < m; p++)
        {
            bool isChosen = p < _chosen;
            double e = _weights[p];
            double expected = e * (isChosen ? inverses[p] : first);
            double own = e * (isChosen ? inverses[p] * inverses[p] : second);
            double slope = (isChosen ? 1 : 0) - expected;
            double turned = (expected * places[p])
                - (isChosen ? own * ((e * places[p]) + others) : (e * chosen) + (own * others));
            pull += places[p] * slope;
            biased += places[p] * turned;
            Gradient[p] = _share * utility * slope;
            Diagonal[p] = squared * (expected - (own * e));
            Left[p] = squared * own;

            // The chosen are not compared with one another.
            Right[p] = isChosen ? 0 : e;
            Border[p] = crossed * turned;
        }

        BiasGradient = _share * place * pull;
        BiasCurvature = _share * place * place * biased;
    }
}
