using Microsoft.AspNetCore.Http;

namespace Palate.Simulation;

/// <summary>Decides what goes wrong with the next call: its header, what was ordered for the next calls, or the options.</summary>
internal sealed class SimulatedFaults(SimulationOptions options)
{
    public const string Header = "x-simulate";

    private readonly Lock _gate = new();
    private readonly SimulatedFault _usual = SimulatedFault.Parse(options.Fault);
    private SimulatedFault _ordered = SimulatedFault.None;
    private long _left;

    /// <summary>The fault of a call.</summary>
    /// <exception cref="ArgumentException">The header names none.</exception>
    public SimulatedFault Next(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out Microsoft.Extensions.Primitives.StringValues header))
        {
            return SimulatedFault.Parse(header);
        }

        lock (_gate)
        {
            if (_left == 0)
            {
                return _usual;
            }

            _left--;
            return _ordered;
        }
    }

    /// <summary>Orders a fault for the next calls, instead of any ordered before.</summary>
    public void Order(SimulatedFault fault, long calls)
    {
        lock (_gate)
        {
            (_ordered, _left) = (fault, calls);
        }
    }
}
