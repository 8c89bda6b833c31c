namespace Palate.Llm;

/// <summary>An order of candidates, or of the first few of them: Plackett (1975) and Luce (1959).</summary>
/// <remarks>
/// The best is drawn with the probability e_1 / (e_1 + ... + e_m), the second among those that are left, and so on, with
/// e = exp((utility + bias * place) / scale). It is the order of utilities with Gumbel noise, and log-concave.
/// </remarks>
internal sealed class RankTerm : ShownTerm
{
    private readonly int _stages;

    // The sums of what is left at each stage.
    private readonly double[] _suffix;

    /// <summary>An order.</summary>
    /// <param name="items">The unknowns' numbers: those named best first, then the others in any order.</param>
    /// <param name="places">Where each was shown: 1 for first to -1 for last.</param>
    /// <param name="named">How many are named.</param>
    public RankTerm(int[] items, double[] places, int named)
        : base(items, places)
    {
        _stages = Math.Min(named, items.Length - 1);
        _suffix = new double[items.Length + 1];
    }

    public override double Value(ReadOnlySpan<double> x, in JudgeModel model)
    {
        double largest = Weigh(x, model);
        double[] turned = Turned;
        double value = 0;
        for (int stage = 0; stage < _stages; stage++)
        {
            value += turned[stage] - largest - Math.Log(_suffix[stage]);
        }

        return value;
    }

    public override void Derive(ReadOnlySpan<double> x, in JudgeModel model)
    {
        double[] places = Places;

        // What the border is made of takes the exponents' room.
        double[] borders = Turned;
        int m = places.Length;
        double utility = model.UtilityWeight;
        double place = model.BiasWeight;
        double squared = utility * utility;
        ReadOnlySpan<double> weights = Right;
        Span<double> gradient = Gradient;
        Span<double> diagonal = Diagonal;
        Span<double> left = Left;
        Span<double> border = Border;

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

            double e = weights[p];
            double own = e * second;
            double expected = e * first;
            double slope = (p < _stages ? 1 : 0) - expected;
            pull += places[p] * slope;

            // e_p times the sum over all q of e_q D_min(p,q) place_q: those before p here, p and those after below.
            borders[p] = (expected * places[p]) - (e * before);
            before += own * places[p];
            gradient[p] = utility * slope;
            diagonal[p] = squared * (expected - (own * e));
            left[p] = own;
        }

        double after = 0;
        double biased = 0;
        for (int p = m - 1; p >= 0; p--)
        {
            after += weights[p] * places[p];
            double turned = borders[p] - (left[p] * after);
            biased += places[p] * turned;
            border[p] = place * utility * turned;
            left[p] *= squared;
        }

        BiasGradient = place * pull;
        BiasCurvature = place * place * biased;
    }

    // Leaves exponents in Turned, e on the right side of the Hessian and the sums of what is left at each stage in _suffix.
    private double Weigh(ReadOnlySpan<double> x, in JudgeModel model)
    {
        Span<double> weights = Right;
        double[] turned = Turned;
        double largest = Turn(x, model, from: 0);
        _suffix[turned.Length] = 0;
        for (int p = turned.Length - 1; p >= 0; p--)
        {
            // Beyond exp(-300) nothing changes any more, and its inverse square stays finite.
            weights[p] = Math.Exp(Math.Max(turned[p] - largest, -300));
            _suffix[p] = _suffix[p + 1] + weights[p];
        }

        return largest;
    }
}
