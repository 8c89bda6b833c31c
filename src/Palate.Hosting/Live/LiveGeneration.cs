using Microsoft.Extensions.Logging;

namespace Palate.Hosting;

/// <summary>Holds the generation that answers now, and follows the pointer of the store.</summary>
/// <remarks>
/// A request takes <see cref="Current"/> once and keeps it, so a swap drops nothing: the old generation goes when its
/// last request has ended. A generation that cannot be loaded is refused, the one before goes on, and
/// <see cref="Trouble"/> says so until the pointer moves or the generation loads. Safe to use from any thread.
/// </remarks>
internal sealed partial class LiveGeneration(GenerationFeed feed, PalateOptions options, ILogger<LiveGeneration> logger)
    : Poller(options)
{
    /// <summary>A refused generation is tried again after this time: its files may have been on their way.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private readonly GenerationFeed _feed = feed;
    private readonly TimeProvider _time = options.Time;
    private readonly ILogger<LiveGeneration> _logger = logger;
    private volatile ServedGeneration? _current;
    private volatile string? _trouble = "No generation has been loaded yet; loading has just begun.";
    private string? _refused;
    private long _refusedAt;

    /// <summary>The generation that answers; null until the first is loaded.</summary>
    public ServedGeneration? Current => _current;

    /// <summary>What is wrong with the generation that should be served, in a sentence; null when nothing is.</summary>
    public string? Trouble => _trouble;

    /// <summary>Ends when the load that the start began has ended, well or not.</summary>
    public Task FirstLoad { get; private set; } = Task.CompletedTask;

    /// <summary>Starts to follow the store; the first load runs beside the start of the host.</summary>
    /// <exception cref="ConfigurationException">There is one generation for good, and it cannot be loaded.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        FirstLoad = Task.Run(Poll, CancellationToken.None);
        if (!_feed.IsFixed)
        {
            await base.StartAsync(cancellationToken);
            return;
        }

        await FirstLoad.WaitAsync(cancellationToken);
        if (_trouble is { } trouble)
        {
            throw new ConfigurationException("no_generation", trouble, "Change what the message names in the call of AddPalate.");
        }
    }

    /// <inheritdoc/>
    protected override void Look()
    {
        string? name = null;
        try
        {
            name = _feed.CurrentName();
            if (name is null)
            {
                // The generation in memory is whole: it goes on also when the store was emptied under it.
                Refuse(null, "No generation is published in this home; run 'palate train'.");
            }
            else if (name == _current?.Name)
            {
                (_trouble, _refused) = (null, null);
            }
            else if (name != _refused || _time.GetElapsedTime(_refusedAt) >= RetryInterval)
            {
                ServedGeneration loaded = _feed.Load(name);
                string? before = _current?.Name;
                _current = loaded;
                (_trouble, _refused) = (null, null);
                LogServing(loaded.Name, before ?? "none");
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever a store or a damaged file throws must not end the service that still holds a good generation.
            string subject =
                name is null ? "The current generation cannot be read" : $"Generation '{name}' was refused";
            Refuse(name, $"{subject}: {failure.Message}");
        }
    }

    private void Refuse(string? name, string reason)
    {
        if (_trouble != reason)
        {
            LogTrouble(name is null ? LogLevel.Warning : LogLevel.Error, reason, _current?.Name ?? "none");
        }

        _trouble = reason;
        _refused = name;
        _refusedAt = _time.GetTimestamp();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving generation {Generation} (before: {Before})")]
    private partial void LogServing(string generation, string before);

    [LoggerMessage(Message = "{Reason} Still serving: {Generation}")]
    private partial void LogTrouble(LogLevel level, string reason, string generation);
}
