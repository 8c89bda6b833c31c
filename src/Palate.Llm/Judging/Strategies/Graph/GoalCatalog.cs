using System.Globalization;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Palate.Llm;

/// <summary>Goals with names: those that come with Palate, and those of a home's <c>goals.yaml</c> over them.</summary>
/// <remarks>Immutable.</remarks>
public sealed class GoalCatalog
{
    private const string Resource = "Palate.Llm.Judging.Strategies.Graph.goals.yaml";

    private readonly SortedDictionary<string, GraphGoal> _goals;
    private readonly Dictionary<GraphAspect, double> _weights = [];

    private GoalCatalog(SortedDictionary<string, GraphGoal> goals)
    {
        _goals = goals;

        // A sentence that names an aspect wants as much of it as the goal of that name does.
        foreach (GraphAspect aspect in Enum.GetValues<GraphAspect>())
        {
            string name = aspect.ToString();
            _weights[aspect] = goals.GetValueOrDefault(name)?.Weights
                .Where(weight => GraphWords.Is(weight.Key, name)).Select(weight => weight.Value).FirstOrDefault(1) ?? 1;
        }
    }

    /// <summary>The goals that come with Palate: accuracy, diversity, fairness, novelty, calibration, balanced.</summary>
    public static GoalCatalog Default { get; } = Read(Embedded(), [], "the embedded goals");

    /// <summary>All goals by name.</summary>
    public IReadOnlyCollection<GraphGoal> Goals => _goals.Values;

    /// <summary>The embedded goals, with those of a file over them.</summary>
    /// <param name="file">A YAML file, which need not exist: a mapping from names to <c>sentence</c> and <c>weights</c>.</param>
    /// <exception cref="ArgumentException">The file is no such mapping; the message says where.</exception>
    public static GoalCatalog Load(string file) =>
        File.Exists(file) ? Read(File.ReadAllText(file), Default.Goals, file) : Default;

    /// <summary>These goals with others over them.</summary>
    public GoalCatalog With(params IEnumerable<GraphGoal> goals)
    {
        ArgumentNullException.ThrowIfNull(goals);
        var all = new SortedDictionary<string, GraphGoal>(_goals, StringComparer.OrdinalIgnoreCase);
        foreach (GraphGoal goal in goals)
        {
            all[goal.Name] = goal;
        }

        return new GoalCatalog(all);
    }

    /// <summary>What a request's goal means: the goal of that name, else its words, read without a model.</summary>
    /// <param name="goal">A name or a sentence in any language; may be empty.</param>
    public GraphGoal Understand(string? goal)
    {
        goal = goal?.Trim() ?? "";
        return _goals.TryGetValue(goal, out GraphGoal? named) ? named : GoalReader.Read(goal, _weights);
    }

    private static string Embedded()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd();
    }

    private static GoalCatalog Read(string text, IEnumerable<GraphGoal> under, string source)
    {
        var goals = new SortedDictionary<string, GraphGoal>(StringComparer.OrdinalIgnoreCase);
        foreach (GraphGoal goal in under)
        {
            goals[goal.Name] = goal;
        }

        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException wrong)
        {
            throw new ArgumentException($"{source}: {wrong.Message}", wrong);
        }

        YamlNode? top = stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
        foreach ((YamlNode key, YamlNode value) in (top as YamlMappingNode ?? []).Children)
        {
            string name = Text(key, source);
            if (value is not YamlMappingNode fields)
            {
                throw new ArgumentException($"{source}: '{name}' is no goal; give it a sentence and weights.");
            }

            goals[name] = Goal(name, fields, source);
        }

        return new GoalCatalog(goals);
    }

    private static GraphGoal Goal(string name, YamlMappingNode fields, string source)
    {
        string sentence = "";
        var weights = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach ((YamlNode field, YamlNode value) in fields.Children)
        {
            switch (Text(field, source))
            {
                case "sentence":
                    sentence = Text(value, source);
                    break;
                case "weights" when value is YamlMappingNode nodes:
                    foreach ((YamlNode node, YamlNode weight) in nodes.Children)
                    {
                        weights[Text(node, source)] = Weight(Text(weight, source), name, source);
                    }

                    break;
                default:
                    throw new ArgumentException(
                        $"{source}: the goal '{name}' has a field '{field}'; it may have sentence, and weights by node.");
            }
        }

        return new GraphGoal(name, sentence, weights) { Reason = $"The goal '{name}' of the catalog." };
    }

    private static double Weight(string text, string name, string source) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double weight) && weight is >= 0 and <= 1000
            ? weight
            : throw new ArgumentException($"{source}: the goal '{name}' has a weight of '{text}'; give 0 to 1000.");

    private static string Text(YamlNode node, string source) => node is YamlScalarNode { Value: { } text }
        ? text
        : throw new ArgumentException($"{source}: '{node}' is no plain text.");
}
