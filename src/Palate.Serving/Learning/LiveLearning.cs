using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Palate.Serving;

/// <summary>Lets what was learned beside the generations be taken up while the service runs, at the same interval.</summary>
/// <remarks>Safe to use from any thread.</remarks>
internal sealed partial class LiveLearning : IHostedService, IDisposable
{
    private readonly Func<IReadOnlyList<LearnedChange>> _poll;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ILogger<LiveLearning> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private volatile string? _trouble;
    private ITimer? _timer;

    public LiveLearning(ServiceOptions options, ILogger<LiveLearning> logger)
    {
        _poll = options.Learned;
        _time = options.Time;
        _interval = options.PollInterval;
        _logger = logger;
    }

    /// <summary>What was refused and why, in a sentence each; null when nothing is.</summary>
    public string? Trouble => _trouble;

    /// <summary>Takes up what has changed, at once.</summary>
    public void Poll()
    {
        // Taking up may take longer than the interval; the next poll then finds the gate shut and leaves.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            foreach (LearnedChange change in _poll())
            {
                Tell(change);
            }

            _trouble = _refused.Count == 0 ? null : string.Join(' ', _refused.Values);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _time.CreateTimer(_ => Poll(), null, _interval, _interval);
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

    // Called under the gate.
    private void Tell(LearnedChange change)
    {
        if (change.Refusal is { } refusal)
        {
            // What stays refused is told once.
            string sentence = $"{change.What} was refused: {refusal}";
            if (_refused.GetValueOrDefault(change.What) != sentence)
            {
                LogRefused(change.What, refusal);
            }

            _refused[change.What] = sentence;
        }
        else
        {
            _refused.Remove(change.What);
            LogTaken(change.What);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{What} changed and counts from now on")]
    private partial void LogTaken(string what);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} was refused: {Refusal} What it held before still counts")]
    private partial void LogRefused(string what, string refusal);
}
