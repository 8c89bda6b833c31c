namespace Palate.Llm;

/// <summary>What is known of the utilities of a request's candidates after its judgments.</summary>
/// <remarks>
/// A mixture over beliefs of how good the base is and how noisy the judge (<see cref="JudgeModel"/>): each gives a
/// Gaussian by Laplace's method, and its weight is its prior times the evidence there (MacKay 1992). One more belief is
/// that the replies depend on nothing but the place in which candidates are shown; one is that they are upside down.
/// Under both the base is all there is. Utilities are standardised: mean 0 and variance 1 over the candidates.
/// </remarks>
internal sealed class Posterior
{
    /// <summary>How many times the utilities are drawn where an expectation has no closed form.</summary>
    public const int Draws = 256;

    // Beliefs below this share of the best change nothing that is seen.
    private const double Negligible = 3;

    // The prior correlation of base and noise. That the base is weak and the judge noisy at once is hardly told from a
    // judge that is useless, and believing it by mistake throws a good base away; so it is held to be the less likely.
    private const double Guard = .6;

    private const int TableLength = 1 << 15;

    private static readonly double[] Correlations = [.1, .38, .6, .76, .86, .92];
    private static readonly double[] Noises = [.15, .26, .46, .8, 1.4, 2.45];
    private static readonly double[] Reversals = [-.4, -.75];
    private static readonly double[] Normals = StandardNormals(TableLength + Draws);

    private readonly double[] _scores;
    private readonly int[] _judged;
    private readonly List<(LaplaceFit? Fit, double Correlation, double Weight)> _parts = [];

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
        int[] judged = [.. judgments.SelectMany(judgment => judgment.Question.Candidates).Distinct().Order()];
        int[] number = new int[scores.Length];
        for (int at = 0; at < judged.Length; at++)
        {
            number[judged[at]] = at;
        }

        List<LikelihoodTerm> terms = Terms(judgments, number, scores);
        var posterior = new Posterior(scores, terms.Count > 0 ? judged : []);
        posterior.Weigh(terms, options);
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

    /// <summary>How many rows <see cref="Draw"/> fills.</summary>
    public int DrawnRows => _scores.Length + 1;

    /// <summary>Utilities drawn from the posterior, always the same ones.</summary>
    /// <param name="draws">Gets a row of <see cref="Draws"/> for each candidate, in the order of the result, and one between
    /// that is none.</param>
    /// <returns>The candidate of each row; -1 for the one that is none.</returns>
    public int[] Draw(Span<double> draws)
    {
        int n = _scores.Length;
        int[] candidates = Rows();
        for (int row = 0; row <= n; row++)
        {
            // Shifted by more than a row, so that no two candidates have the same normals when the table begins anew.
            int at = row * (Draws + 1) % TableLength;
            Normals.AsSpan(at, Draws).CopyTo(draws[(row * Draws)..]);
        }

        int first = 0;
        double reached = 0;
        for (int part = 0; part < _parts.Count && first < Draws; part++)
        {
            (LaplaceFit? fit, double correlation, double weight) = _parts[part];
            reached += weight;
            int end = part == _parts.Count - 1 ? Draws : Math.Clamp((int)Math.Ceiling((reached * Draws) - .5), first, Draws);
            if (end > first)
            {
                fit?.Colour(draws, Draws, first, end);
                double deviation = Math.Sqrt(1 - (correlation * correlation));
                for (int row = 0; row <= n; row++)
                {
                    bool isFitted = fit is not null && row <= _judged.Length;
                    double mean = isFitted ? fit!.Mode[row] : row == _judged.Length ? 0 : correlation * _scores[candidates[row]];
                    double scale = isFitted ? 1 : deviation;
                    foreach (ref double one in draws[((row * Draws) + first)..((row * Draws) + end)])
                    {
                        one = mean + (scale * one);
                    }
                }
            }

            first = end;
        }

        return candidates;
    }

    // Those that a fit is about as it counts them, then the others.
    private int[] Rows()
    {
        int n = _scores.Length;
        int[] candidates = new int[n + 1];
        bool[] isJudged = new bool[n];
        _judged.CopyTo(candidates, 0);
        candidates[_judged.Length] = -1;
        foreach (int candidate in _judged)
        {
            isJudged[candidate] = true;
        }

        int row = _judged.Length + 1;
        for (int candidate = 0; candidate < n; candidate++)
        {
            if (!isJudged[candidate])
            {
                candidates[row++] = candidate;
            }
        }

        return candidates;
    }

    private static List<LikelihoodTerm> Terms(IReadOnlyList<Judgment> judgments, int[] number, double[] scores)
    {
        var terms = new List<LikelihoodTerm>();
        foreach (Judgment judgment in judgments)
        {
            IReadOnlyList<int> shown = judgment.Question.Candidates;
            if (judgment.IsGraded || shown.Count < 2)
            {
                continue;
            }

            var place = new Dictionary<int, double>(shown.Count);
            for (int at = 0; at < shown.Count; at++)
            {
                place[shown[at]] = 1 - (2.0 * at / (shown.Count - 1));
            }

            var named = new HashSet<int>(judgment.Named);
            int[] ordered = [.. judgment.Named, .. shown.Where(candidate => !named.Contains(candidate))];
            int[] items = [.. ordered.Select(candidate => number[candidate])];
            double[] places = [.. ordered.Select(candidate => place[candidate])];
            if (judgment.IsOrdered)
            {
                terms.Add(new RankTerm(items, places, named.Count));
            }
            else if (named.Count < items.Length)
            {
                terms.AddRange(RankTerm.Choice(items, places, named.Count));
            }
        }

        foreach (IGrouping<QuestionKind, Judgment> kind in
            judgments.Where(judgment => judgment.IsGraded).GroupBy(judgment => judgment.Question.Kind))
        {
            var items = new List<int>();
            var grades = new List<double>();
            foreach (Judgment judgment in kind)
            {
                for (int at = 0; at < judgment.Grades.Count; at++)
                {
                    if (!double.IsNaN(judgment.Grades[at]))
                    {
                        items.Add(judgment.Question.Candidates[at]);
                        grades.Add(judgment.Grades[at]);
                    }
                }
            }

            if (grades.Max() - grades.Min() > 1e-9)
            {
                double mean = items.Average(item => scores[item]);
                double variance = items.Average(item => (scores[item] - mean) * (scores[item] - mean));
                terms.Add(new GradeTerm([.. items.Select(item => number[item])], [.. grades], variance));
            }
        }

        return terms;
    }

    private static double[] StandardNormals(int count)
    {
        // Box and Muller 1958, from a fixed seed: the same draws for every request.
        var random = new Random(20_240_917);
        double[] normals = new double[count];
        for (int at = 0; at < count; at += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            normals[at] = radius * cosine;
            normals[at + 1] = radius * sine;
        }

        return normals;
    }

    // Pure chance, or nothing but the place, with equal probability beforehand.
    private static double Useless(List<LikelihoodTerm> terms, LaplaceScratch scratch)
    {
        var model = new JudgeModel(0, double.PositiveInfinity);
        double chance = terms.Sum(term => term.Value([0.0], model));
        return LogSum(chance, LaplaceFit.Of(terms, model, [], [], scratch).LogEvidence) - Math.Log(2);
    }

    private static double LogSum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));

    private static double Share(double noise) => 1 / (1 + (noise * noise));

    private void Weigh(List<LikelihoodTerm> terms, EvidenceOptions options)
    {
        double[,] prior = Prior(options);
        var weighed = new List<(LaplaceFit? Fit, double Correlation, double Log)>();
        double useless = 0;
        if (terms.Count > 0)
        {
            double[] scores = [.. _judged.Select(candidate => _scores[candidate])];
            using var scratch = new LaplaceScratch(scores.Length + 1);
            double share = Math.Log(1 - options.UselessProbability - options.HostileProbability);
            Climb(terms, scores, prior, share, weighed, scratch);
            useless = Useless(terms, scratch) + Math.Log(options.UselessProbability);

            // Upside down only comes into question where the base looks as if it had nothing to do with the replies.
            (LaplaceFit? best, _, double most) = weighed.MaxBy(part => part.Log);
            double all = weighed.Sum(part => Math.Exp(part.Log - most));
            if (weighed.Where(part => part.Correlation == Correlations[0]).Sum(part => Math.Exp(part.Log - most)) > .2 * all)
            {
                foreach (double reversal in Reversals)
                {
                    var model = new JudgeModel(reversal, best!.Model.Noise);
                    double log = LaplaceFit.Of(terms, model, scores, [], scratch).LogEvidence;
                    useless = LogSum(useless, log + Math.Log(options.HostileProbability / Reversals.Length));
                }
            }
        }

        for (int c = 0; c < Correlations.Length; c++)
        {
            double share = 0;
            for (int s = 0; s < Noises.Length; s++)
            {
                share += Math.Exp(prior[c, s]);
                Sharpness += terms.Count > 0 ? 0 : Math.Exp(prior[c, s]) * Share(Noises[s]);
            }

            weighed.Add((null, Correlations[c], useless + Math.Log(share)));
        }

        double largest = weighed.Max(part => part.Log);
        double total = 0;
        foreach ((LaplaceFit? fit, double correlation, double log) in weighed)
        {
            double weight = Math.Exp(log - largest);
            if (log > largest - Negligible)
            {
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

    // From the prior's best belief to all neighbours of whatever still counts.
    private static void Climb(
        List<LikelihoodTerm> terms,
        double[] scores,
        double[,] prior,
        double share,
        List<(LaplaceFit? Fit, double Correlation, double Log)> weighed,
        LaplaceScratch scratch)
    {
        int columns = Noises.Length;
        var fits = new LaplaceFit?[Correlations.Length * columns];
        double[] logs = new double[fits.Length];
        int start = 0;
        for (int cell = 1; cell < fits.Length; cell++)
        {
            if (prior[cell / columns, cell % columns] > prior[start / columns, start % columns])
            {
                start = cell;
            }
        }

        double best = double.NegativeInfinity;
        Fit(start, []);
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
                grown |= column > 0 && Fit(cell - 1, mode);
                grown |= column < columns - 1 && Fit(cell + 1, mode);
                grown |= cell >= columns && Fit(cell - columns, mode);
                grown |= cell < fits.Length - columns && Fit(cell + columns, mode);
            }
        }

        for (int cell = 0; cell < fits.Length; cell++)
        {
            if (fits[cell] is { } fit)
            {
                weighed.Add((fit, fit.Model.Correlation, logs[cell]));
            }
        }

        bool Fit(int cell, double[] from)
        {
            if (fits[cell] is not null)
            {
                return false;
            }

            var model = new JudgeModel(Correlations[cell / columns], Noises[cell % columns]);
            fits[cell] = LaplaceFit.Of(terms, model, scores, from, scratch);
            logs[cell] = fits[cell]!.LogEvidence + prior[cell / columns, cell % columns] + share;
            best = Math.Max(best, logs[cell]);
            return true;
        }
    }

    private static double[,] Prior(EvidenceOptions options)
    {
        double[,] prior = new double[Correlations.Length, Noises.Length];
        double total = 0;
        for (int c = 0; c < Correlations.Length; c++)
        {
            double offCorrelation = Math.Atanh(Correlations[c]) - Math.Atanh(options.BaseCorrelation);
            for (int s = 0; s < Noises.Length; s++)
            {
                double offNoise = Math.Log(Noises[s] / options.JudgeNoise);
                double off = (offCorrelation * offCorrelation) + (offNoise * offNoise)
                    - (2 * Guard * offCorrelation * offNoise);
                prior[c, s] = -.5 * options.Certainty * options.Certainty * off / (1 - (Guard * Guard));
                total += Math.Exp(prior[c, s]);
            }
        }

        for (int c = 0; c < Correlations.Length; c++)
        {
            for (int s = 0; s < Noises.Length; s++)
            {
                prior[c, s] -= Math.Log(total);
            }
        }

        return prior;
    }
}
