using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

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

    private const int TableLength = 1 << 15;

    private static readonly double[] Correlations = [.1, .38, .6, .76, .86, .92];
    private static readonly double[] Noises = [.15, .26, .46, .8, 1.4, 2.45];
    private static readonly double[] Reversals = [-.4, -.75];
    private static readonly double[] Normals = StandardNormals(TableLength + (2 * Draws));

    private readonly double[] _scores;
    private readonly int[] _judged;
    private readonly List<(LaplaceFit? Fit, double Correlation, double Weight)> _parts = new(Correlations.Length * Noises.Length);

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
        int[] judged = Number(judgments, number);
        LikelihoodTerm[] terms = Terms(judgments, number, scores);
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

    /// <summary>How many rows <see cref="Draw"/> fills.</summary>
    public int DrawnRows => _scores.Length + 1;

    /// <summary>Utilities drawn from the posterior, always the same ones.</summary>
    /// <param name="draws">Gets a row of <see cref="Draws"/> for each candidate, in the order of the result, and one between
    /// that is none.</param>
    /// <returns>The candidate of each row; -1 for the one that is none.</returns>
    public int[] Draw(Span<double> draws)
    {
        int n = _scores.Length;
        int width = Vector<double>.Count;
        int[] candidates = Rows();
        double[] room = ArrayPool<double>.Shared.Rent((n + 1) * (Draws + width));
        int first = 0;
        double reached = 0;
        for (int part = 0; part < _parts.Count && first < Draws; part++)
        {
            (LaplaceFit? fit, double correlation, double weight) = _parts[part];
            reached += weight;
            int end = part == _parts.Count - 1 ? Draws : Math.Clamp((int)Math.Ceiling((reached * Draws) - .5), first, Draws);
            if (end > first)
            {
                // Rows begin where a vector does, for the fit's sake.
                int stride = (end - first + width - 1) / width * width;
                Span<double> panel = room.AsSpan(0, (n + 1) * stride);
                for (int row = 0; row <= n; row++)
                {
                    // Shifted by more than a row, so that no two candidates have the same normals when the table begins anew.
                    Normals.AsSpan((row * (Draws + 1) % TableLength) + first, stride).CopyTo(panel[(row * stride)..]);
                }

                fit?.Colour(panel, stride);
                double deviation = Math.Sqrt(1 - (correlation * correlation));
                for (int row = 0; row <= n; row++)
                {
                    bool isFitted = fit is not null && row <= _judged.Length;
                    double mean = isFitted ? fit!.Mode[row] : row == _judged.Length ? 0 : correlation * _scores[candidates[row]];
                    double scale = isFitted ? 1 : deviation;
                    Span<double> own = panel.Slice(row * stride, stride);
                    foreach (ref Vector<double> one in MemoryMarshal.Cast<double, Vector<double>>(own))
                    {
                        one = new Vector<double>(mean) + (one * scale);
                    }

                    own[..(end - first)].CopyTo(draws[((row * Draws) + first)..]);
                }
            }

            first = end;
        }

        ArrayPool<double>.Shared.Return(room);
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

    // The judged candidates in ascending order, each with its place among them.
    private static int[] Number(IReadOnlyList<Judgment> judgments, int[] number)
    {
        int count = 0;
        foreach (Judgment judgment in judgments)
        {
            foreach (int candidate in judgment.Question.Shown)
            {
                count += number[candidate] == 0 ? 1 : 0;
                number[candidate] = 1;
            }
        }

        int[] judged = new int[count];
        int next = 0;
        for (int candidate = 0; next < count; candidate++)
        {
            if (number[candidate] > 0)
            {
                number[candidate] = next;
                judged[next++] = candidate;
            }
        }

        return judged;
    }

    private static LikelihoodTerm[] Terms(IReadOnlyList<Judgment> judgments, int[] number, double[] scores)
    {
        var terms = new List<LikelihoodTerm>(judgments.Count);
        Span<int> places = scores.Length <= 256 ? stackalloc int[scores.Length] : new int[scores.Length];
        foreach (Judgment judgment in judgments)
        {
            ReadOnlySpan<int> shown = judgment.Question.Shown;
            int named = judgment.Named.Count;
            if (judgment.IsGraded || shown.Length < 2 || (!judgment.IsOrdered && named == shown.Length))
            {
                continue;
            }

            for (int at = 0; at < shown.Length; at++)
            {
                places[shown[at]] = at + 1;
            }

            // Those that are named, then the others as they were shown.
            int[] items = new int[shown.Length];
            double[] place = new double[shown.Length];
            int filled = 0;
            for (; filled < named; filled++)
            {
                int candidate = judgment.Named[filled];
                items[filled] = number[candidate];
                place[filled] = Place(places[candidate] - 1, items.Length);
                places[candidate] = 0;
            }

            foreach (int candidate in shown)
            {
                if (places[candidate] > 0)
                {
                    items[filled] = number[candidate];
                    place[filled++] = Place(places[candidate] - 1, items.Length);
                }
            }

            terms.Add(judgment.IsOrdered ? new RankTerm(items, place, named) : new ChoiceTerm(items, place, named));
        }

        // Judgments come sorted by kind.
        QuestionKind? last = null;
        foreach (Judgment judgment in judgments)
        {
            if (judgment.IsGraded && judgment.Question.Kind != last)
            {
                last = judgment.Question.Kind;
                if (Grades(judgments, judgment.Question.Kind, number, scores) is { } term)
                {
                    terms.Add(term);
                }
            }
        }

        return [.. terms];
    }

    // 1 for the first to -1 for the last.
    private static double Place(int at, int count) => 1 - (2.0 * at / (count - 1));

    // Null where there are none, or all are the same.
    private static GradeTerm? Grades(
        IReadOnlyList<Judgment> judgments, QuestionKind kind, int[] number, double[] scores)
    {
        var candidates = new List<int>();
        var grades = new List<double>();
        foreach (Judgment judgment in judgments)
        {
            for (int at = 0; at < judgment.Grades.Count && judgment.Question.Kind == kind; at++)
            {
                if (!double.IsNaN(judgment.Grades[at]))
                {
                    candidates.Add(judgment.Question.Candidates[at]);
                    grades.Add(judgment.Grades[at]);
                }
            }
        }

        if (grades.Count == 0 || grades.Max() - grades.Min() <= 1e-9)
        {
            return null;
        }

        int[] items = [.. candidates.Select(candidate => number[candidate]).Distinct()];
        int[] place = new int[scores.Length];
        for (int at = 0; at < items.Length; at++)
        {
            place[items[at]] = at;
        }

        double mean = candidates.Average(candidate => scores[candidate]);
        double variance = candidates.Average(candidate => (scores[candidate] - mean) * (scores[candidate] - mean));
        return new GradeTerm(
            items, [.. candidates.Select(candidate => place[number[candidate]])], [.. grades], variance);
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

    private static double Share(double noise) => 1 / (1 + (noise * noise));

    private void Weigh(Likelihood likelihood, EvidenceOptions options)
    {
        bool isJudged = likelihood.Terms.Length > 0;
        var prior = BeliefPrior.Of(options, Correlations, Noises);
        var weighed = new List<(LaplaceFit? Fit, double Correlation, double Log)>(prior.Cells.Length + Correlations.Length);
        double useless = 0;
        if (isJudged)
        {
            double[] scores = new double[_judged.Length];
            for (int at = 0; at < scores.Length; at++)
            {
                scores[at] = _scores[_judged[at]];
            }

            using var scratch = new LaplaceScratch(scores.Length + 1);
            double share = Math.Log(1 - options.UselessProbability - options.HostileProbability);
            Climb(likelihood, scores, prior, share, weighed, scratch);
            useless = Useless(likelihood, scratch) + Math.Log(options.UselessProbability);

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
        }
        else
        {
            Sharpness = prior.Sharpness;
        }

        for (int c = 0; c < Correlations.Length; c++)
        {
            weighed.Add((null, Correlations[c], useless + prior.Rows[c]));
        }

        double largest = double.NegativeInfinity;
        foreach ((_, _, double log) in weighed)
        {
            largest = Math.Max(largest, log);
        }

        double total = 0;
        foreach ((LaplaceFit? fit, double correlation, double log) in weighed)
        {
            if (log > largest - Negligible)
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
