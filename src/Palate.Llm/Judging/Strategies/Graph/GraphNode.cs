namespace Palate.Llm;

/// <summary>One aspect by which the graph orders candidates; declared in settings, so that one can be added without code.</summary>
public sealed record GraphNode
{
    /// <summary>The algorithms by their names, besides <c>none</c>.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
    [
        "mmr", "dpp", "xquad", "xquad-even", "pm2", "calibration", "fa-ir", "exposure", "exposure-linear", "parity",
        "novelty",
    ];

    /// <summary>The name by which replies, goals and reports call it: letters, digits and hyphens.</summary>
    public string Name { get; init; } = "";

    /// <summary>What an order is measured by here.</summary>
    public GraphAspect Aspect { get; init; }

    /// <summary>What the model is told to do here; empty for the words that belong to the aspect.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>The attribute that it goes by; null where none is needed.</summary>
    public string? Attribute { get; init; }

    /// <summary>For fairness: candidates with at least this number in the attribute are group 1, the others group 0.</summary>
    public float? GroupFrom { get; init; }

    /// <summary>For fairness: candidates with one of these values of the attribute are group 1, the others group 0.</summary>
    public IReadOnlyList<string> GroupValues { get; init; } = [];

    /// <summary>The shaper that orders when the model does not; empty for the one that belongs to the aspect.</summary>
    public string Algorithm { get; init; } = "";

    /// <summary>
    /// Accuracy, diversity and calibration by <c>genre</c>, fairness between what is from before 1996 and the rest by
    /// <c>year</c>, as in LLM4Rerank, and novelty.
    /// </summary>
    public static IReadOnlyList<GraphNode> Defaults { get; } =
    [
        new GraphNode { Name = "Accuracy", Aspect = GraphAspect.Accuracy },
        new GraphNode { Name = "Diversity", Aspect = GraphAspect.Diversity, Attribute = "genre" },
        new GraphNode { Name = "Fairness", Aspect = GraphAspect.Fairness, Attribute = "year", GroupFrom = 1996 },
        new GraphNode { Name = "Novelty", Aspect = GraphAspect.Novelty },
        new GraphNode { Name = "Calibration", Aspect = GraphAspect.Calibration, Attribute = "genre" },
    ];

    /// <summary>The shaper of this node; null where relevance alone orders.</summary>
    internal Shaper? MakeShaper(int top) => AlgorithmName switch
    {
        "mmr" => new Mmr(),
        "dpp" => new Dpp(),
        "xquad" => new Xquad(),
        "xquad-even" => new Xquad(usesTaste: false),
        "pm2" => new Pm2(),
        "calibration" => new Calibration(),
        "fa-ir" => new FairTopK(),
        "exposure" => new Exposure(),
        "exposure-linear" => new Exposure(isLinear: true),
        "parity" => new Parity(top),
        "novelty" => new Novelty(),
        _ => null,
    };

    /// <summary>What the model is told here.</summary>
    internal string Words => Instruction.Length > 0 ? Instruction : Aspect switch
    {
        GraphAspect.Accuracy => "Put first what fits the person best.",
        GraphAspect.Diversity => $"Show many different values of '{Attribute}' at the top, as far as they fit the person.",
        GraphAspect.Fairness when GroupFrom is { } from => FormattableString.Invariant(
            $"Candidates with {Attribute} from {from} on and those below it should have about the same average rank."),
        GraphAspect.Fairness =>
            $"Candidates whose '{Attribute}' is {string.Join(" or ", GroupValues)} and the others should have about the same average rank.",
        GraphAspect.Novelty => "Put first what fits and is little known.",
        _ => $"Show the values of '{Attribute}' about as often as the history does.",
    };

    private string AlgorithmName => Algorithm.Length > 0 ? Algorithm : Aspect switch
    {
        GraphAspect.Diversity => "xquad-even",
        GraphAspect.Fairness => "parity",
        GraphAspect.Novelty => "novelty",
        GraphAspect.Calibration => "calibration",
        _ => "none",
    };

    /// <summary>Checks the declaration.</summary>
    /// <exception cref="ArgumentException">Something is missing or contradicts itself.</exception>
    internal void Validate()
    {
        if (Name.Length is 0 or > 40 || !Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            throw new ArgumentException($"A graph node is called '{Name}'; give 1 to 40 letters, digits or hyphens.");
        }

        if (GraphWords.IsFunction(Name))
        {
            throw new ArgumentException($"A graph node is called '{Name}'; Stop and Backward are there already.");
        }

        if (Algorithm.Length > 0 && Algorithm != "none" && !Algorithms.Contains(Algorithm))
        {
            throw new ArgumentException(
                $"The graph node '{Name}' has the algorithm '{Algorithm}'; give one of none, {string.Join(", ", Algorithms)}.");
        }

        bool needsAttribute = Aspect is GraphAspect.Diversity or GraphAspect.Fairness or GraphAspect.Calibration;
        if (needsAttribute && string.IsNullOrEmpty(Attribute))
        {
            throw new ArgumentException($"The graph node '{Name}' goes by an attribute; name one, for example genre.");
        }

        if (Aspect == GraphAspect.Fairness && GroupFrom is null == (GroupValues.Count == 0))
        {
            throw new ArgumentException(
                $"The graph node '{Name}' is between two groups; say which with either group_from or group_values.");
        }
    }
}
