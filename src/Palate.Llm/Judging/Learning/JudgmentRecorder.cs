using System.Threading.Channels;

namespace Palate.Llm;

/// <summary>Makes records of the judgments of live requests, off their path.</summary>
/// <remarks>
/// A request hands over references and goes on; what its record is made of is computed on another thread. When more
/// requests wait than there is room for, the next ones are dropped and counted. Requests that say <c>no-store</c> leave no
/// record. Thread-safe; disposing makes the records of those that wait.
/// </remarks>
public sealed class JudgmentRecorder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Channel<Waiting> _waiting;
    private readonly Action<StudentExample> _keep;
    private readonly Task _working;
    private long _dropped;

    /// <summary>A recorder that is at work.</summary>
    /// <param name="keep">Gets each record, one at a time, on a thread of its own; a record for which it throws is lost.</param>
    /// <param name="room">How many requests may wait, 1 or more.</param>
    public JudgmentRecorder(Action<StudentExample> keep, int room = 256)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentOutOfRangeException.ThrowIfLessThan(room, 1);
        _keep = keep;
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(room) { SingleReader = true });
        _working = Task.Run(WorkAsync);
    }

    /// <summary>How many requests left no record because too many waited, or because making or keeping it failed.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Hands over what a model made of a request; never waits.</summary>
    public void Add(string model, RerankContext context, JudgedCandidates judged)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(judged);
        if (!context.Request.NoStore && (!judged.Fitted.IsValueCreated || judged.Utilities.Length > 0)
            && !_waiting.Writer.TryWrite(new Waiting(model, context, judged)))
        {
            Drop();
        }
    }

    /// <summary>Makes the records of those that wait, as far as that takes no more than some seconds.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _working.Wait(Patience);
    }

    private async Task WorkAsync()
    {
        await foreach (Waiting next in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                if (next.Judged.Utilities.Length == 0)
                {
                    continue;
                }

                CrossFeatures features = await CrossFeatures.OfAsync(next.Context.Generation);
                _keep(new StudentExample(
                    next.Context.Pipeline,
                    next.Model,
                    next.Context.Segment,
                    next.Judged.BaseScores,
                    next.Judged.Utilities,
                    StudentReranker.Features(features, next.Context, next.Judged.Candidates)));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One bad request is one bad request.
                Drop();
            }
        }
    }

    private void Drop()
    {
        Interlocked.Increment(ref _dropped);
        LlmMetrics.DroppedJudgment();
    }

    private sealed record Waiting(string Model, RerankContext Context, JudgedCandidates Judged);
}
