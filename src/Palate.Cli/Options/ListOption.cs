using System.CommandLine;

namespace Palate.Cli;

/// <summary>An option that is a list with commas between, given once or several times.</summary>
internal sealed class ListOption : Option<string[]>
{
    /// <summary>An option that names at least one thing.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="unit">What the help shows in the place of the value.</param>
    /// <param name="description">What it means.</param>
    /// <param name="standard">What it is when it is not given; empty where it has to be.</param>
    /// <param name="separators">What stands between two entries.</param>
    /// <param name="aliases">Its other names.</param>
    public ListOption(
        string name, string unit, string description, string[] standard, string separators = ",", params string[] aliases)
        : base(name, aliases)
    {
        Description = description;
        HelpName = unit;
        AllowMultipleArgumentsPerToken = true;
        Required = standard.Length == 0;
        if (!Required)
        {
            DefaultValueFactory = _ => standard;
        }

        CustomParser = result =>
        {
            string[] entries =
            [
                .. result.Tokens.SelectMany(token => token.Value.Split(
                    separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
            ];
            if (entries.Length == 0)
            {
                result.AddError($"{name} names nothing; give at least one, with commas between several.");
            }

            return entries;
        };
    }
}
