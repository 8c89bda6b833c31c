using System.CommandLine;
using System.CommandLine.Help;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate forget</c>: deletes what a home holds of somebody.</summary>
internal sealed class ForgetVerb : Command
{
    public ForgetVerb(CommonOptions common)
        : base("forget", "Delete what the home holds of a user.")
    {
        Add(new UserVerb(common));
        SetAction(parsed => new HelpAction().Invoke(parsed));
    }

    /// <summary>A user who is not in the database.</summary>
    internal static CommandException UserNotFound(string user) => new(ExitCode.NotFound, new Failure(
        "user_not_found", $"There is no user '{user}' in the home.", "Check the id; 'palate export users' lists them."));

    /// <summary>What was deleted, and which generations were trained with it.</summary>
    /// <param name="UserId">Who.</param>
    /// <param name="Interactions">How many interactions were deleted.</param>
    /// <param name="HeldOut">How many held-out rows were deleted.</param>
    /// <param name="Generations">The published generations: trained before, they may know the user until they are gone.</param>
    internal sealed record Receipt(string UserId, long Interactions, long HeldOut, IReadOnlyList<string> Generations);

    private sealed class UserVerb : Verb
    {
        private readonly Argument<string> _user = new("id") { Description = "The user's id.", HelpName = "ID" };

        public UserVerb(CommonOptions common)
            : base("user", "Delete a user with all interactions and held-out rows.", common) => Add(_user);

        protected override string FullName => "forget user";

        protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
        {
            string user = arguments.GetRequiredValue(_user);
            Home home = CommonOptions.FindHome(arguments);
            using SqliteStore store = home.OpenStore();
            ForgottenUser gone = store.Forget(user) ?? throw UserNotFound(user);
            IReadOnlyList<string> generations = [.. new GenerationStore(home.GenerationsFolder).Names()];
            output.Result(
                new Receipt(user, gone.Interactions, gone.HeldOut, generations),
                console =>
                {
                    console.WriteLine(TerminalText.Clean(
                        $"User '{user}' is deleted with {gone.Interactions:N0} interactions and {gone.HeldOut:N0} held-out rows."));
                    if (generations.Count > 0)
                    {
                        console.WriteLine(TerminalText.Clean(
                            $"Trained before, and may know the user until they are gone: {string.Join(", ", generations)}. Train again."));
                    }
                });
            return Task.FromResult(ExitCode.Ok);
        }
    }
}
