using Microsoft.Extensions.Logging;

namespace Palate.Hosting;

/// <summary>Lets what was learned beside the generations be taken up while the service runs, at the same interval.</summary>
/// <remarks>Safe to use from any thread.</remarks>
internal sealed partial class LiveLearning(
    IEnumerable<LearnedFeed> feeds, PalateOptions options, ILogger<LiveLearning> logger) : Poller(options)
{
    private readonly LearnedFeed[] _feeds = [.. feeds];
    private readonly ILogger<LiveLearning> _logger = logger;
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private volatile string? _trouble;

    /// <summary>What was refused and why, in a sentence each; null when nothing is.</summary>
    public string? Trouble => _trouble;

    /// <inheritdoc/>
    protected override void Look()
    {
        foreach (LearnedChange change in _feeds.SelectMany(feed => feed.Poll()))
        {
            Tell(change);
        }

        _trouble = _refused.Count == 0 ? null : string.Join(' ', _refused.Values);
    }

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
