using Palate.Storage;

namespace Palate.Cli;

/// <summary>Being the only one who changes the generations of a home.</summary>
internal static class HomeLock
{
    /// <summary>Takes the home's lock until it is disposed.</summary>
    /// <exception cref="CommandException">Somebody else holds it.</exception>
    public static IDisposable Take(Home home)
    {
        try
        {
            return home.LockForTraining();
        }
        catch (StoreException busy)
        {
            throw new CommandException(ExitCode.Busy, new Failure(
                "home_busy", busy.Message, "Wait until the other process is done, or use another --home."));
        }
    }
}
