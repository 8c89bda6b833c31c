using Microsoft.Extensions.Hosting;

namespace Palate.Hosting;

/// <summary>Looks for something new as long as the host runs, every <see cref="PalateOptions.PollInterval"/>.</summary>
internal abstract class Poller(PalateOptions options) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _timer;

    /// <inheritdoc/>
    public virtual Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = options.Time.CreateTimer(_ => Poll(), null, options.PollInterval, options.PollInterval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks at once.</summary>
    public void Poll()
    {
        // A look may take longer than the interval; the next poll then finds the gate shut and leaves.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            Look();
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Looks for something new and takes it up; called by one thread at a time. It must not throw.</summary>
    protected abstract void Look();
}
