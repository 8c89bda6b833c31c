using System.Globalization;
using System.Text.RegularExpressions;

namespace Palate.Simulation;

/// <summary>Reads the question of a walk: which aspect it is about, what was looked at, and where it may go on.</summary>
internal static partial class SimulatedWalk
{
    private static readonly string[] Defaults = ["accuracy", "diversity", "fairness", "stop"];

    // Goals say it in their own words.
    private static readonly (string Stem, string[] Words)[] Meanings =
    [
        ("divers", ["divers", "varied", "variety", "balanc"]),
        ("fair", ["fair", "equal", "balanc"]),
        ("novel", ["novel", "fresh", "unknown", "new"]),
        ("calibr", ["calibr", "habit", "usual"]),
    ];

    /// <summary>The aspect that is asked for; the whole question where it does not say so in so many words.</summary>
    public static string AspectOf(string question)
    {
        Match match = Now().Match(question);
        return match.Success ? match.Groups[1].Value : Choices().IsMatch(question) ? "" : question;
    }

    /// <summary>What was looked at already, the present aspect included.</summary>
    public static string SeenIn(string question)
    {
        Match choices = Choices().Match(question);
        if (!choices.Success)
        {
            return question;
        }

        Match results = Results().Match(question);
        return AspectOf(question) + "\n" + (results.Success ? results.Value : "");
    }

    /// <summary>Where the walk may go on.</summary>
    public static string[] ChoicesOf(string question)
    {
        Match match = Choices().Match(question);
        return match.Success
            ? match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : Defaults;
    }

    /// <summary>Whether a goal wants an aspect.</summary>
    public static bool IsNamed(string aspect, string goal)
    {
        foreach ((string stem, string[] words) in Meanings)
        {
            if (aspect.StartsWith(stem, StringComparison.OrdinalIgnoreCase))
            {
                return words.Any(word => goal.Contains(word, StringComparison.OrdinalIgnoreCase));
            }
        }

        return goal.Contains(aspect, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The groups that are to be even, where the question says so and both are there: "with year from 1996 on".</summary>
    public static int[]? GroupsOf(SimulatedPrompt prompt)
    {
        Match match = Groups().Match(prompt.Question);
        if (!match.Success
            || !double.TryParse(match.Groups[2].Value, CultureInfo.InvariantCulture, out double from))
        {
            return null;
        }

        int[] groups = new int[prompt.Asked.Count];
        for (int i = 0; i < groups.Length; i++)
        {
            Match own = Regex.Match(
                prompt.Asked[i].Line, @"\b" + Regex.Escape(match.Groups[1].Value) + @": (-?\d+(?:\.\d+)?)");
            groups[i] = !own.Success ? -1
                : double.Parse(own.Groups[1].Value, CultureInfo.InvariantCulture) >= from ? 1 : 0;
        }

        return groups.Contains(0) && groups.Contains(1) ? groups : null;
    }

    [GeneratedRegex(@"\bAspect now: ([A-Za-z0-9-]+)")]
    private static partial Regex Now();

    [GeneratedRegex(@"\bAs the next aspect name one of: ([^.;\n]+)")]
    private static partial Regex Choices();

    [GeneratedRegex(@"\bResults so far, newest last:.*?;(?= As | Order | Name |$)", RegexOptions.Singleline)]
    private static partial Regex Results();

    [GeneratedRegex(@"\bwith ([\w-]+) from (-?\d+(?:\.\d+)?) on and those below")]
    private static partial Regex Groups();
}
