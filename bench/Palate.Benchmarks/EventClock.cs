using System.Collections.Concurrent;
using Palate.Testing;

namespace Palate.Benchmarks;

/// <summary>Runs asynchronous work on one thread and on a clock that stands still while anything computes.</summary>
/// <remarks>
/// When nothing is left to run, the clock goes to the next timer. So a run takes no longer than its computing, a loaded
/// machine changes nothing, and what is computed costs no time; only what is waited for does.
/// </remarks>
internal sealed class EventClock : SynchronizationContext, IDisposable
{
    // How long work of other threads may take to post its continuation here.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(1);

    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _work = [];
    private readonly ManualTime _time = new();
    private long _done;

    public TimeProvider Time => _time;

    public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));

    // Work of other threads that is over has posted what follows from it; so long as some is queued, or was done since it
    // was looked at last, there may be more to come.
    private bool IsQuiet()
    {
        long done = ThreadPool.CompletedWorkItemCount;
        bool isQuiet = ThreadPool.PendingWorkItemCount == 0 && done == _done;
        _done = done;
        return isQuiet;
    }

    public T Run<T>(Func<Task<T>> start)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            Task<T> task = start();
            while (!task.IsCompleted)
            {
                if (_work.TryTake(out (SendOrPostCallback Work, object? State) next, IsQuiet() ? TimeSpan.Zero : Quiet))
                {
                    next.Work(next.State);
                }
                else if (!task.IsCompleted && IsQuiet() && _time.Pending > 0)
                {
                    _time.AdvanceToNext();
                }
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Lets time pass, with whatever falls due in it.</summary>
    public void Pass(TimeSpan time) => Run(async () =>
    {
        await Task.Delay(time, _time);
        return 0;
    });

    public void Dispose() => _work.Dispose();
}
