using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Palate.Cli;

/// <summary>An option that is a whole number inside limits.</summary>
internal sealed class NumberOption : Option<int>
{
    /// <summary>An option with its default, its unit, what it means, and its limits.</summary>
    public NumberOption(
        string name, int standard, string unit, string description, int least = 0, int most = int.MaxValue, params string[] aliases)
        : base(name, aliases)
    {
        Description = description;
        HelpName = unit;
        DefaultValueFactory = _ => standard;
        CustomParser = result => Parse(result, least, most);
    }

    private int Parse(ArgumentResult result, int least, int most)
    {
        string given = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most)
        {
            return number;
        }

        string limits = most == int.MaxValue ? $"{least} or more" : $"{least} to {most}";
        result.AddError($"{Name} is '{given}'; give a whole number, {limits}.");
        return 0;
    }
}
