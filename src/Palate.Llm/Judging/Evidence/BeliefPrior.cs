namespace Palate.Llm;

/// <summary>How probable each belief about the base and the judge is before the first judgment.</summary>
internal sealed class BeliefPrior
{
    // The prior correlation of base and noise. That the base is weak and the judge noisy at once is hardly told from a
    // judge that is useless, and believing it by mistake throws a good base away; so it is held to be the less likely.
    private const double Guard = .6;

    // Of the options that were asked for last: nearly always the same ones, those of the pipeline.
    private static BeliefPrior? _last;

    private readonly EvidenceOptions _options;

    private BeliefPrior(EvidenceOptions options, double[] correlations, double[] noises)
    {
        _options = options;
        Cells = new double[correlations.Length * noises.Length];
        Rows = new double[correlations.Length];
        double total = 0;
        for (int cell = 0; cell < Cells.Length; cell++)
        {
            double offCorrelation = Math.Atanh(correlations[cell / noises.Length]) - Math.Atanh(options.BaseCorrelation);
            double offNoise = Math.Log(noises[cell % noises.Length] / options.JudgeNoise);
            double off = (offCorrelation * offCorrelation) + (offNoise * offNoise)
                - (2 * Guard * offCorrelation * offNoise);
            Cells[cell] = -.5 * options.Certainty * options.Certainty * off / (1 - (Guard * Guard));
            total += Math.Exp(Cells[cell]);
        }

        for (int cell = 0; cell < Cells.Length; cell++)
        {
            double noise = noises[cell % noises.Length];
            Cells[cell] -= Math.Log(total);
            Best = Cells[cell] > Cells[Best] ? cell : Best;
            Rows[cell / noises.Length] += Math.Exp(Cells[cell]);
            Sharpness += Math.Exp(Cells[cell]) / (1 + (noise * noise));
        }

        for (int row = 0; row < Rows.Length; row++)
        {
            Rows[row] = Math.Log(Rows[row]);
        }
    }

    /// <summary>The logarithm of the probability of each belief: a row of noises for each correlation.</summary>
    public double[] Cells { get; }

    /// <summary>The logarithm of the probability of each correlation.</summary>
    public double[] Rows { get; }

    /// <summary>The most probable belief.</summary>
    public int Best { get; }

    /// <summary>The expected share of one reply's variance that is the utility.</summary>
    public double Sharpness { get; }

    /// <summary>The prior that the options state.</summary>
    public static BeliefPrior Of(EvidenceOptions options, double[] correlations, double[] noises)
    {
        BeliefPrior? last = Volatile.Read(ref _last);
        if (last is null || last._options != options)
        {
            last = new BeliefPrior(options, correlations, noises);
            Volatile.Write(ref _last, last);
        }

        return last;
    }
}
