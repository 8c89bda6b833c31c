using System.Runtime.ExceptionServices;

namespace Palate;

/// <summary>Runs numbered pieces of work on several threads.</summary>
/// <remarks>Which thread does which piece differs from run to run; results must depend on the piece alone.</remarks>
internal static class Workers
{
    /// <summary>How many threads an option of 0 ("all") means.</summary>
    public static int Resolve(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return threads == 0 ? Environment.ProcessorCount : threads;
    }

    /// <summary>Runs <paramref name="body"/> for the pieces 0 to <paramref name="pieces"/> - 1.</summary>
    public static void Run(int pieces, int threads, Action<int> body, CancellationToken stop)
    {
        if (threads == 1 || pieces == 1)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                stop.ThrowIfCancellationRequested();
                body(piece);
            }

            return;
        }

        // Workers draw the next piece from a counter: one task per thread, and no more is allocated.
        int next = -1;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        try
        {
            Parallel.For(0, Math.Min(threads, pieces), options, _ =>
            {
                int piece;
                while ((piece = Interlocked.Increment(ref next)) < pieces)
                {
                    stop.ThrowIfCancellationRequested();
                    body(piece);
                }
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            // The caller sees what one thread would have thrown.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
