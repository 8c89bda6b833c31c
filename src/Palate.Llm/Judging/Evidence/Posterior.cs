namespace Palate.Llm;

/// <summary>What is known of the utilities of a request's candidates after its judgments.</summary>
/// <remarks>
/// A mixture over beliefs of how good the base is and how noisy the judge (<see cref="JudgeModel"/>): each gives a
/// Gaussian by Laplace's method, and its weight is its prior times the evidence there (MacKay 1992). One more belief is
/// that the replies depend on nothing but the place in which candidates are shown; one is that they are upside down.
/// Under both the base is all there is. Utilities are standardised: mean 0 and variance 1 over the candidates.
/// </remarks>
internal sealed partial class Posterior
{
    private readonly double[] _scores;
    private readonly int[] _judged;
    private readonly List<(LaplaceFit? Fit, double Correlation, double Weight)> _parts = new(BeliefGrid.Correlations.Length * BeliefGrid.Noises.Length);

    private Posterior(double[] scores, int[] judged)
    {
        _scores = scores;
        _judged = judged;
        Mean = new double[scores.Length];
    }

    /// <summary>The expected utility of each candidate.</summary>
    public double[] Mean { get; }

    /// <summary>The expected correlation of the base with the utilities.</summary>
    public double Correlation { get; private set; }

    /// <summary>The share of one reply's variance that is the utility: 1 for a perfect judge, 0 for a useless one.</summary>
    public double Sharpness { get; private set; }

    /// <summary>Infers.</summary>
    /// <param name="scores">The normal score of each candidate in the base ranking.</param>
    /// <param name="judgments">The judgments, in an order that does not depend on how they arrived.</param>
    /// <param name="options">What was believed before.</param>
    public static Posterior Of(double[] scores, IReadOnlyList<Judgment> judgments, EvidenceOptions options)
    {
        int[] number = new int[scores.Length];
        int[] judged = JudgmentTerms.Number(judgments, number);
        LikelihoodTerm[] terms = JudgmentTerms.Of(judgments, number, scores);
        var posterior = new Posterior(scores, terms.Length > 0 ? judged : []);
        posterior.Weigh(new Likelihood(terms, judged.Length), options);
        return posterior;
    }

    /// <summary>The standard deviation of each candidate's utility.</summary>
    public double[] Deviations()
    {
        double[] variance = new double[_scores.Length];
        foreach ((LaplaceFit? fit, double correlation, double weight) in _parts)
        {
            double own = 1 - (correlation * correlation);
            for (int candidate = 0; candidate < variance.Length; candidate++)
            {
                double off = (correlation * _scores[candidate]) - Mean[candidate];
                variance[candidate] += weight * (own + (off * off));
            }

            if (fit is not null)
            {
                double[] variances = fit.Variances();
                for (int at = 0; at < _judged.Length; at++)
                {
                    int candidate = _judged[at];
                    double prior = (correlation * _scores[candidate]) - Mean[candidate];
                    double off = fit.Mode[at] - Mean[candidate];
                    variance[candidate] += weight
                        * (variances[at] + (off * off) - own - (prior * prior));
                }
            }
        }

        return [.. variance.Select(Math.Sqrt)];
    }

    private static double Share(double noise) => 1 / (1 + (noise * noise));

    private void Weigh(Likelihood likelihood, EvidenceOptions options)
    {
        bool isJudged = likelihood.Terms.Length > 0;
        var prior = BeliefPrior.Of(options, BeliefGrid.Correlations, BeliefGrid.Noises);
        var weighed = new List<(LaplaceFit? Fit, double Correlation, double Log)>(prior.Cells.Length + BeliefGrid.Correlations.Length);
        double useless = 0;
        if (isJudged)
        {
            double[] scores = new double[_judged.Length];
            for (int at = 0; at < scores.Length; at++)
            {
                scores[at] = _scores[_judged[at]];
            }

            useless = BeliefGrid.Weigh(likelihood, scores, prior, options, weighed);
        }
        else
        {
            Sharpness = prior.Sharpness;
        }

        for (int c = 0; c < BeliefGrid.Correlations.Length; c++)
        {
            weighed.Add((null, BeliefGrid.Correlations[c], useless + prior.Rows[c]));
        }

        double largest = double.NegativeInfinity;
        foreach ((_, _, double log) in weighed)
        {
            largest = Math.Max(largest, log);
        }

        double total = 0;
        foreach ((LaplaceFit? fit, double correlation, double log) in weighed)
        {
            if (log > largest - BeliefGrid.Negligible)
            {
                double weight = Math.Exp(log - largest);
                _parts.Add((fit, correlation, weight));
                total += weight;
            }
        }

        for (int at = 0; at < _parts.Count; at++)
        {
            _parts[at] = _parts[at] with { Weight = _parts[at].Weight / total };
        }

        Summarise();
    }

    private void Summarise()
    {
        double expected = 0;
        foreach ((LaplaceFit? fit, double correlation, double weight) in _parts)
        {
            expected += weight * correlation;
            if (fit is not null)
            {
                Sharpness += weight * Share(fit.Model.Noise);
            }
        }

        Correlation = expected;
        for (int candidate = 0; candidate < Mean.Length; candidate++)
        {
            Mean[candidate] = expected * _scores[candidate];
        }

        foreach ((LaplaceFit? fit, double correlation, double weight) in _parts)
        {
            for (int at = 0; fit is not null && at < _judged.Length; at++)
            {
                Mean[_judged[at]] += weight * (fit.Mode[at] - (correlation * _scores[_judged[at]]));
            }
        }
    }
}
