namespace Palate.Simulation;

/// <summary>The simulated provider's own books: everything that a client of it has to pay for, whether it saw it or not.</summary>
/// <remarks>Thread-safe. A call is booked when its reply has been written, or when its client has gone.</remarks>
public sealed class SimulationBooks
{
    private readonly Lock _gate = new();
    private SimulationTotals _finished = SimulationTotals.None;
    private SimulationTotals _unfinished = SimulationTotals.None;
    private long _failed;

    /// <summary>Calls whose reply was written to its end.</summary>
    public SimulationTotals Finished
    {
        get
        {
            lock (_gate)
            {
                return _finished;
            }
        }
    }

    /// <summary>Calls whose client went away, or that were cut: the prompt, and what was generated until then.</summary>
    public SimulationTotals Unfinished
    {
        get
        {
            lock (_gate)
            {
                return _unfinished;
            }
        }
    }

    /// <summary>Calls that were refused or failed before the model began; they cost nothing.</summary>
    public long Failed
    {
        get
        {
            lock (_gate)
            {
                return _failed;
            }
        }
    }

    internal void Add(SimulationTotals totals, bool isFinished)
    {
        lock (_gate)
        {
            if (isFinished)
            {
                _finished = _finished.Plus(totals);
            }
            else
            {
                _unfinished = _unfinished.Plus(totals);
            }
        }
    }

    internal void AddFailed()
    {
        lock (_gate)
        {
            _failed++;
        }
    }
}
