using System.Globalization;
using System.Text.RegularExpressions;

namespace Palate.Simulation;

/// <summary>Reads utilities off a prompt: how much of what it says of the user and the query is in what it says of an item.</summary>
internal static partial class SimulatedJudge
{
    private const double TextWeight = 0.4;
    private const double Steepness = 5;
    private const double QueryShare = 0.7;

    /// <summary>A utility from 0 to 1 for each candidate that is asked about, and the terms that earned it.</summary>
    public static (double[] Utilities, string[] Reasons) Judge(SimulatedPrompt prompt)
    {
        List<SimulatedPrompt.Shown> asked = prompt.Asked;
        var weights = new Weights(prompt);
        HashSet<string> query = [.. SimulatedTerms.Of(prompt.Query)];
        Dictionary<string, double> taste = Taste(prompt);
        double[] utilities = new double[asked.Count];
        string[] reasons = new string[asked.Count];
        for (int i = 0; i < asked.Count; i++)
        {
            Dictionary<string, double> item = Item(asked[i].Line);
            var matched = new List<string>();
            double coverage = Coverage(query, item, weights, matched);
            double fit = Fit(taste, item, weights, matched);
            utilities[i] = query.Count == 0 ? fit
                : taste.Count == 0 ? coverage
                : (QueryShare * coverage) + ((1 - QueryShare) * fit);
            reasons[i] = matched.Count > 0 ? "matches " + string.Join(", ", matched.Take(4)) : "little in common";
        }

        return (utilities, reasons);
    }

    /// <summary>Whether a candidate's text tries to instruct whoever reads it.</summary>
    public static bool IsInstructing(string line) => Instruction().IsMatch(line);

    /// <summary>How alike two candidates are, 0 to 1.</summary>
    public static double Likeness(string one, string other)
    {
        HashSet<string> a = [.. SimulatedTerms.Of(one)];
        HashSet<string> b = [.. SimulatedTerms.Of(other)];
        int common = a.Count(b.Contains);
        return a.Count + b.Count == 0 ? 1 : common / (double)(a.Count + b.Count - common);
    }

    // Terms of the title and of attributes count whole, those of the running text less.
    private static Dictionary<string, double> Item(string line)
    {
        var item = new Dictionary<string, double>(StringComparer.Ordinal);
        int field = 0;
        foreach (Range range in line.AsSpan().Split(" | "))
        {
            ReadOnlySpan<char> part = line.AsSpan(range);
            int colon = part.IndexOf(": ");
            bool isAttribute = field > 0 && colon is > 0 and < 40;
            foreach (string term in SimulatedTerms.Of(isAttribute ? part[(colon + 2)..] : part))
            {
                double weight = field == 0 || isAttribute ? 1 : TextWeight;
                item[term] = Math.Max(item.GetValueOrDefault(term), weight);
            }

            field++;
        }

        return item;
    }

    private static double Coverage(
        HashSet<string> query, Dictionary<string, double> item, Weights weights, List<string> matched)
    {
        double all = 0;
        double found = 0;
        foreach (string term in query)
        {
            double weight = weights.Of(term);
            all += weight;
            if (item.TryGetValue(term, out double presence))
            {
                found += weight * (0.5 + (0.5 * presence));
                matched.Add(term);
            }
        }

        return all > 0 ? found / all : 0;
    }

    // The mean liking of the item's terms, through a logistic curve so that 0.5 is "nothing known".
    private static double Fit(
        Dictionary<string, double> taste, Dictionary<string, double> item, Weights weights, List<string> matched)
    {
        double all = 0;
        double liked = 0;
        foreach ((string term, double presence) in item)
        {
            double weight = weights.Of(term) * presence;
            all += weight;
            if (taste.TryGetValue(term, out double value))
            {
                liked += weight * value / (Math.Abs(value) + 1.5);
                if (value > 0 && !matched.Contains(term))
                {
                    matched.Add(term);
                }
            }
        }

        return 1 / (1 + Math.Exp(-Steepness * (all > 0 ? liked / all : 0)));
    }

    private static Dictionary<string, double> Taste(SimulatedPrompt prompt)
    {
        var taste = new Dictionary<string, double>(StringComparer.Ordinal);
        double[] ratings = [.. prompt.History.Select(Rating)];
        double[] known = [.. ratings.Where(double.IsFinite)];
        double centre = known.Length > 0 ? Math.Min(known.Average(), 0.6 * known.Max()) : 0;
        double scale = known.Length > 0 ? Math.Max(known.Max() - centre, 0.5) : 1;
        for (int entry = 0; entry < prompt.History.Count; entry++)
        {
            double value = double.IsFinite(ratings[entry]) ? (ratings[entry] - centre) / scale : 1;
            Add(prompt.History[entry], value);
        }

        Add(prompt.Profile, 1.5);
        Add(prompt.Goal, 0.5);
        return taste;

        void Add(string text, double value)
        {
            foreach (string term in SimulatedTerms.Of(text).Distinct(StringComparer.Ordinal))
            {
                taste[term] = taste.GetValueOrDefault(term) + value;
            }
        }
    }

    // "... (4)", "... - 4/5", "... rated 3.5", "... | 4": the number that ends a line of history.
    private static double Rating(string line)
    {
        Match match = RatingAtEnd().Match(line);
        return match.Success && double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out double rating)
            && rating <= 10
            ? rating
            : double.NaN;
    }

    [GeneratedRegex(@"(?:[(|:*\-–—]|rated|rating|gave)\s*(\d+(?:\.\d+)?)(?:\s*(?:/\s*\d+|stars?|★))?\s*\)?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex RatingAtEnd();

    [GeneratedRegex(
        @"ignore (all|any|the|previous|prior)|disregard (all|the|previous|prior)|rank (this|me|it) (first|top|highest)|"
        + @"(output|reply|answer|respond) only|you must (rank|choose|prefer|grade|give)|system prompt|</?(system|question|candidates)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Instruction();

    /// <summary>How telling a term is: rarer among what the prompt shows is more.</summary>
    private sealed class Weights
    {
        // Smoothed so that a prompt with one candidate weighs terms about as one with many does.
        private const double PriorDocuments = 20;
        private const double PriorOccurrences = 4;

        private readonly Dictionary<string, int> _documents = new(StringComparer.Ordinal);
        private readonly int _count;

        public Weights(SimulatedPrompt prompt)
        {
            foreach (string document in prompt.Candidates.Select(shown => shown.Line).Concat(prompt.History))
            {
                _count++;
                foreach (string term in SimulatedTerms.Of(document).Distinct(StringComparer.Ordinal))
                {
                    _documents[term] = _documents.GetValueOrDefault(term) + 1;
                }
            }
        }

        public double Of(string term) => Math.Log(
            1 + ((_count + PriorDocuments) / (_documents.GetValueOrDefault(term) + PriorOccurrences)));
    }
}
