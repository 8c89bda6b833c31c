namespace Palate.Llm;

/// <summary>Candidates that were shown one after the other, and told apart by utility and by place.</summary>
internal abstract class ShownTerm : LikelihoodTerm
{
    /// <summary>Candidates in their places.</summary>
    /// <param name="items">The unknowns' numbers.</param>
    /// <param name="places">Where each was shown: 1 for first to -1 for last.</param>
    protected ShownTerm(int[] items, double[] places)
        : base(items)
    {
        Places = places;
        Turned = new double[items.Length];
    }

    public override bool IsQuadratic => false;

    /// <summary>Where each was shown: 1 for first to -1 for last.</summary>
    protected double[] Places { get; }

    /// <summary>Exponents, then what <see cref="LikelihoodTerm.Value"/> leaves for the derivatives.</summary>
    protected double[] Turned { get; }

    /// <summary>Makes the exponents: utility and bias in units of the judge's scale.</summary>
    /// <returns>The largest of them from a place on.</returns>
    protected double Turn(ReadOnlySpan<double> x, in JudgeModel model, int from)
    {
        ReadOnlySpan<int> items = Items;
        double[] places = Places;
        double[] turned = Turned;
        double utility = model.UtilityWeight;
        double bias = model.BiasWeight * x[^1];
        double largest = double.NegativeInfinity;
        for (int p = 0; p < turned.Length; p++)
        {
            double own = utility > 0 ? utility * x[items[p]] : 0;
            turned[p] = own + (bias * places[p]);
            largest = p >= from ? Math.Max(largest, turned[p]) : largest;
        }

        return largest;
    }
}
