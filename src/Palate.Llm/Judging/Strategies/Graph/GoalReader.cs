using System.Text;

namespace Palate.Llm;

/// <summary>Reads a goal's sentence without a model: which aspects its words name, and which it does not want.</summary>
/// <remarks>
/// The sentence is data: nothing in it can do more than name aspects. What cannot be understood wants accuracy alone,
/// and what wants an aspect and does not want it leaves that aspect out. English, German, French and Spanish.
/// </remarks>
internal static class GoalReader
{
    private const int MaxLength = 1_000;
    private const int NegationReach = 3;

    // Beginnings of words, lower case, without accents.
    private static readonly (GraphAspect Aspect, string[] Stems)[] Stems =
    [
        (GraphAspect.Accuracy,
        [
            "accura", "relevan", "precis", "fit", "genau", "passend", "treff", "pertinen", "acert",
        ]),
        (GraphAspect.Diversity,
        [
            "divers", "varie", "vary", "variab", "mix", "different", "abwechs", "vielfal", "vielfael", "bunt", "gemischt",
            "distint", "surtid",
        ]),
        (GraphAspect.Fairness,
        [
            "fair", "equal", "equit", "unbias", "impartial", "gerecht", "gleich", "egal", "igual", "just",
        ]),
        (GraphAspect.Novelty,
        [
            "novel", "fresh", "unknown", "niche", "hidden", "obscure", "discover", "surpris", "unexpect", "neu",
            "unbekannt", "frisch", "uberrasch", "nouve", "inconnu", "nuev", "desconocid",
        ]),
        (GraphAspect.Calibration, ["calibr", "proportion", "habit", "usual", "kalibrier", "gewohn"]),
    ];

    // Normalisation forms need data that a trimmed runtime does not bring.
    private const string Accented = "\u00e0\u00e1\u00e2\u00e3\u00e4\u00e7\u00e8\u00e9\u00ea\u00eb\u00ed\u00ee\u00ef\u00f1\u00f3\u00f4\u00f6\u00fa\u00fb\u00fc";
    private const string Plain = "aaaaaceeeeiiinooouuu";

    private static readonly string[] Everything = ["balanc", "overall", "ausgewogen", "equilibr"];

    // "little from big brands": whoever wants little of what is known wants what is not.
    private static readonly string[] Known = ["big", "popular", "bestsell", "blockbust", "mainstream", "bekannt", "beliebt"];

    private static readonly HashSet<string> Negations = new(StringComparer.Ordinal)
    {
        "not", "no", "never", "without", "less", "little", "few", "nicht", "kein", "keine", "ohne", "weniger", "wenig",
        "pas", "sans", "moins", "peu", "sin", "menos", "poco", "dont",
    };

    public static GraphGoal Read(string sentence, IReadOnlyDictionary<GraphAspect, double> weights)
    {
        var wanted = new HashSet<GraphAspect>();
        var unwanted = new HashSet<GraphAspect>();
        List<string> words = Words(sentence);
        for (int at = 0; at < words.Count; at++)
        {
            bool isNegated = false;
            for (int before = Math.Max(0, at - NegationReach); before < at; before++)
            {
                isNegated |= Negations.Contains(words[before]);
            }

            HashSet<GraphAspect> side = isNegated ? unwanted : wanted;
            foreach ((GraphAspect aspect, string[] stems) in Stems)
            {
                if (Begins(words[at], stems))
                {
                    side.Add(aspect);
                }
            }

            if (Begins(words[at], Everything))
            {
                side.UnionWith([GraphAspect.Diversity, GraphAspect.Fairness]);
            }

            if (Begins(words[at], Known))
            {
                (isNegated ? wanted : unwanted).Add(GraphAspect.Novelty);
            }
        }

        GraphAspect[] both = [.. wanted.Intersect(unwanted).Order()];
        GraphAspect[] left = [.. wanted.Except(unwanted).Where(aspect => aspect != GraphAspect.Accuracy).Order()];
        string reason = left.Length > 0 ? $"The goal's words name {string.Join(", ", left)}"
            : wanted.Contains(GraphAspect.Accuracy) ? "The goal's words name accuracy alone"
            : words.Count == 0 ? "There is no goal: accuracy alone"
            : "The goal's words name nothing that a node looks at: accuracy alone";
        return new GraphGoal(
            "request",
            sentence,
            left.ToDictionary(aspect => aspect.ToString(), aspect => weights.GetValueOrDefault(aspect, 1)))
        {
            Reason = both.Length > 0
                ? $"{reason}; {string.Join(", ", both)} is wanted and not wanted, so it is left out."
                : reason + ".",
        };
    }

    private static bool Begins(string word, string[] stems) =>
        stems.Any(stem => word.StartsWith(stem, StringComparison.Ordinal));

    private static List<string> Words(string sentence)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (char letter in (sentence.Length > MaxLength ? sentence[..MaxLength] : sentence).Append(' '))
        {
            if (char.IsLetter(letter))
            {
                char lower = char.ToLowerInvariant(letter);
                int accented = Accented.IndexOf(lower, StringComparison.Ordinal);
                word.Append(accented < 0 ? lower : Plain[accented]);
            }
            else if (word.Length > 0 && letter is not ('\'' or '\u2019'))
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }
}
