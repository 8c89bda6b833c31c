namespace Palate.Hosting;

/// <summary>How a running recommender follows what changes under it.</summary>
public sealed class PalateOptions
{
    /// <summary>How often the pointer to the current generation, and the learned files, are looked at.</summary>
    /// <value>The default is one second; from 100 milliseconds to one hour.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock of requests and of the polling.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Checks every option against its limits.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Time);
        if (PollInterval < TimeSpan.FromMilliseconds(100) || PollInterval > TimeSpan.FromHours(1))
        {
            throw new ArgumentException(
                $"The poll interval is {PollInterval}; give one from 100 milliseconds to one hour.");
        }
    }
}
