namespace Palate.Llm;

/// <summary>The beliefs of how good the base is and how noisy the judge, and what each is worth after the judgments.</summary>
/// <remarks>The fits begin at the best belief beforehand and go on to the neighbours of whatever still counts.</remarks>
internal static class BeliefGrid
{
    /// <summary>Beliefs below this share of the best, as a logarithm, change nothing that is seen.</summary>
    public const double Negligible = 3;

    private static readonly double[] Reversals = [-.4, -.75];

    /// <summary>How well the base may correlate with the utilities.</summary>
    public static double[] Correlations { get; } = [.1, .38, .6, .76, .86, .92];

    /// <summary>How noisy the judge may be, in standard deviations of the utility.</summary>
    public static double[] Noises { get; } = [.15, .26, .46, .8, 1.4, 2.45];

    /// <summary>Fits the beliefs that count.</summary>
    /// <param name="likelihood">What was said.</param>
    /// <param name="scores">The normal score of each judged candidate in the base ranking.</param>
    /// <param name="prior">What was believed before.</param>
    /// <param name="options">How probable it was that the judge is useless or hostile.</param>
    /// <param name="weighed">Gets each belief that was fitted, with the logarithm of its weight.</param>
    /// <returns>The logarithm of the weight of the beliefs under which the base is all there is.</returns>
    public static double Weigh(
        Likelihood likelihood,
        double[] scores,
        BeliefPrior prior,
        EvidenceOptions options,
        List<(LaplaceFit? Fit, double Correlation, double Log)> weighed)
    {
        using var scratch = new LaplaceScratch(scores.Length + 1);
        double share = Math.Log(1 - options.UselessProbability - options.HostileProbability);
        Climb(likelihood, scores, prior, share, weighed, scratch);
        double useless = Useless(likelihood, scratch) + Math.Log(options.UselessProbability);

        // Upside down only comes into question where the base looks as if it had nothing to do with the replies.
        (LaplaceFit? best, _, double most) = weighed[0];
        foreach ((LaplaceFit? fit, _, double log) in weighed)
        {
            (best, most) = log > most ? (fit, log) : (best, most);
        }

        double all = 0;
        double weakest = 0;
        foreach ((_, double correlation, double log) in weighed)
        {
            double weight = Math.Exp(log - most);
            all += weight;
            weakest += correlation == Correlations[0] ? weight : 0;
        }

        if (weakest > .2 * all)
        {
            foreach (double reversal in Reversals)
            {
                var model = new JudgeModel(reversal, best!.Model.Noise);
                double log = LaplaceFit.Of(likelihood, model, scores, [], scratch).LogEvidence;
                useless = LogSum(useless, log + Math.Log(options.HostileProbability / Reversals.Length));
            }
        }

        return useless;
    }

    // Pure chance, or nothing but the place, with equal probability beforehand.
    private static double Useless(Likelihood likelihood, LaplaceScratch scratch)
    {
        var model = new JudgeModel(0, double.PositiveInfinity);
        double chance = 0;
        foreach (LikelihoodTerm term in likelihood.Terms)
        {
            chance += term.Value([0.0], model);
        }

        return LogSum(chance, LaplaceFit.Of(likelihood, model, [], [], scratch).LogEvidence) - Math.Log(2);
    }

    private static double LogSum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));

    // From the prior's best belief to all neighbours of whatever still counts.
    private static void Climb(
        Likelihood likelihood,
        double[] scores,
        BeliefPrior prior,
        double share,
        List<(LaplaceFit? Fit, double Correlation, double Log)> weighed,
        LaplaceScratch scratch)
    {
        int columns = Noises.Length;
        var fits = new LaplaceFit?[prior.Cells.Length];
        Span<double> logs = stackalloc double[fits.Length];
        double best = double.NegativeInfinity;
        Fit(prior.Best, [], logs);
        bool grown = true;
        while (grown)
        {
            grown = false;
            for (int cell = 0; cell < fits.Length; cell++)
            {
                if (fits[cell] is null || logs[cell] < best - Negligible)
                {
                    continue;
                }

                double[] mode = fits[cell]!.Mode;
                int column = cell % columns;
                grown |= column > 0 && Fit(cell - 1, mode, logs);
                grown |= column < columns - 1 && Fit(cell + 1, mode, logs);
                grown |= cell >= columns && Fit(cell - columns, mode, logs);
                grown |= cell < fits.Length - columns && Fit(cell + columns, mode, logs);
            }
        }

        for (int cell = 0; cell < fits.Length; cell++)
        {
            if (fits[cell] is { } fit)
            {
                weighed.Add((fit, fit.Model.Correlation, logs[cell]));
            }
        }

        bool Fit(int cell, double[] from, Span<double> logs)
        {
            if (fits[cell] is not null)
            {
                return false;
            }

            var model = new JudgeModel(Correlations[cell / columns], Noises[cell % columns]);
            fits[cell] = LaplaceFit.Of(likelihood, model, scores, from, scratch);
            logs[cell] = fits[cell]!.LogEvidence + prior.Cells[cell] + share;
            best = Math.Max(best, logs[cell]);
            return true;
        }
    }
}
