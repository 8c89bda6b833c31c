namespace Palate;

/// <summary>Runs work that may hang, block its thread, throw or come late, and goes on by the deadline whatever it does.</summary>
/// <remarks>
/// The work runs on the thread pool, so that one that blocks holds a thread and not the answer. When the request goes on
/// without it, its token is cancelled and nobody waits for it: neither for its end nor for what its token calls.
/// </remarks>
internal static class DeadlineGuard
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>What became of guarded work.</summary>
    /// <param name="Result">What it found; default unless it was in time.</param>
    /// <param name="IsInTime">Whether it ended well and by the deadline.</param>
    /// <param name="Failure">What it threw by the deadline; null when it did not.</param>
    public readonly record struct Outcome<T>(T? Result, bool IsInTime, Exception? Failure);

    /// <summary>Runs work until a deadline.</summary>
    /// <param name="work">The work; its token is cancelled when nobody waits for it any more.</param>
    /// <param name="deadline">The timestamp of <paramref name="time"/> by which its result counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">The caller gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<Outcome<T>> RunAsync<T>(
        Func<CancellationToken, ValueTask<T>> work, long deadline, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        if (left <= TimeSpan.Zero)
        {
            return default;
        }

        // A timer takes no more than 49 days.
        left = left < Longest ? left : Longest;

        // No timer and no link belong to this source, so it needs no disposing, and work that was left behind may go on
        // using its token.
        var source = new CancellationTokenSource();
        CancellationToken token = source.Token;
        var leftBehind = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T> running = Task.Run(() => work(token).AsTask(), CancellationToken.None);
        using (time.CreateTimer(
            static gone => ((TaskCompletionSource)gone!).TrySetResult(), leftBehind, left, Timeout.InfiniteTimeSpan))
        using (stop.UnsafeRegister(static gone => ((TaskCompletionSource)gone!).TrySetResult(), leftBehind))
        {
            await Task.WhenAny(running, leftBehind.Task).ConfigureAwait(false);
        }

        if (running.IsCompletedSuccessfully && !stop.IsCancellationRequested && time.GetTimestamp() <= deadline)
        {
            return new Outcome<T>(await running.ConfigureAwait(false), IsInTime: true, Failure: null);
        }

        Observe(source.CancelAsync());
        Observe(running);
        stop.ThrowIfCancellationRequested();
        return running.IsFaulted || (running.IsCanceled && time.GetTimestamp() <= deadline)
            ? new Outcome<T>(default, IsInTime: false, running.Exception?.InnerException ?? new OperationCanceledException())
            : default;
    }

    /// <summary>Lets a task end whenever it does; what it throws is of no interest any more.</summary>
    private static void Observe(Task task) => _ = task.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
