using System.CommandLine;
using System.CommandLine.Help;

namespace Palate.Cli;

/// <summary><c>palate simulate</c>: stands in for what a recommender meets in the world.</summary>
internal sealed class SimulateVerb : Command
{
    public SimulateVerb(CommonOptions common)
        : base("simulate", "Stand in for models.")
    {
        Add(new SimulateLlmVerb(common));
        SetAction(parsed => new HelpAction().Invoke(parsed));
    }
}
