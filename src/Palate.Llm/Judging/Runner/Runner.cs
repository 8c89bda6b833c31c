using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Asks what a strategy wants to know, and adds what the model says to the evidence, until time is up.</summary>
/// <remarks>
/// The only part of the judging that waits. It never starts a call that is not expected back in time, and what has
/// arrived of unfinished calls counts when the deadline falls. It does not throw for anything that a model does.
/// Thread-safe: one runner serves all requests.
/// </remarks>
internal sealed partial class Runner
{
    // A call is started only when it is this probable to return in time.
    private const double ReturnQuantile = 0.9;

    // Kept of the deadline for what comes after asking: reading what has come, the order, the blend. Never more than a
    // tenth of the time that there is is kept, so that a short deadline keeps most of it.
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(3);

    private readonly IChatClient _chat;
    private readonly RunnerOptions _options;
    private readonly LatencyModel _latency;
    private readonly TokenEstimator _estimator;
    private readonly GradeCache? _grades;
    private readonly PromptRenderer _prompts;
    private readonly string _modelName;
    private readonly bool _isMeasured;
    private readonly TimeProvider _time;

    // By kind of question: which share of the most that a reply may have it had, over about the last 20 calls.
    private readonly double[] _replyShares = [.. Enum.GetValues<QuestionKind>().Select(_ => 0.5)];

    private int _refusals;

    public Runner(ModelConnection model, PromptRenderer prompts, RunnerOptions options, TimeProvider time)
    {
        options.Validate();
        _chat = model.Chat;
        _latency = model.Latency;
        _estimator = model.Estimator;
        _grades = model.Grades;
        _modelName = model.Name;
        _isMeasured = model.IsMeasured;
        _prompts = prompts;
        _options = options;
        _time = time;
    }

    /// <summary>Asks until the strategy is done, the top is settled, or the budget ends.</summary>
    /// <param name="strategy">What to ask.</param>
    /// <param name="evidence">Gets every judgment.</param>
    /// <param name="request">The request.</param>
    /// <param name="budget">Tokens and money that are left.</param>
    /// <param name="deadline">The timestamp by which asking has to have ended.</param>
    /// <param name="stop">Ends the asking; what is known by then stays in the evidence.</param>
    public async Task<RunReport> RunAsync(
        Strategy strategy,
        Evidence evidence,
        RerankRequest request,
        RequestBudget budget,
        long deadline,
        CancellationToken stop)
    {
        var report = new RunReport();
        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        TimeSpan kept = Margin.Of(left, Reserve);
        deadline -= (long)(kept.TotalSeconds * _time.TimestampFrequency);
        left -= kept;
        if (left <= TimeSpan.Zero || stop.IsCancellationRequested)
        {
            report.Stop = StopReason.Deadline;
            return report;
        }

        using var late = new CancellationTokenSource(left, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        var run = new Run(this, evidence, request, budget, deadline, report, Math.Min(_options.MaxCalls, strategy.MaxCalls), IsHopeful(), either.Token);
        while (true)
        {
            if (strategy.EndsWhenSettled && evidence.Judgments.Count > 0 && _options.SettledAt < 1 &&
                evidence.SettledProbability() >= _options.SettledAt)
            {
                report.Stop = StopReason.Settled;
                return report;
            }

            IReadOnlyList<Question> questions = strategy.NextRound(evidence);
            if (questions.Count == 0)
            {
                report.Stop = StopReason.Done;
                return report;
            }

            if (report.Rounds >= _options.MaxRounds)
            {
                report.Stop = StopReason.Bounds;
                return report;
            }

            if (await run.AskAsync(questions) is { } reason)
            {
                report.Stop = reason;
                return report;
            }
        }
    }
}
