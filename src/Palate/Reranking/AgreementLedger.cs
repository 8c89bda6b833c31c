using System.Collections.Concurrent;
using System.Globalization;

namespace Palate;

/// <summary>Keeps, per segment, how far the student has agreed with the model lately.</summary>
/// <remarks>
/// An exponentially weighted mean of the overlap of the top; the first requests count alike. It is fed by requests
/// that the model answered and the student was run beside. Thread-safe.
/// </remarks>
public sealed class AgreementLedger
{
    private readonly AgreementOptions _options;
    private readonly ConcurrentDictionary<string, (int Requests, double Mean)> _segments = new(StringComparer.Ordinal);

    /// <summary>A ledger without entries; null for the default options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its limits.</exception>
    public AgreementLedger(AgreementOptions? options = null)
    {
        _options = options ?? new AgreementOptions();
        _options.Validate();
    }

    /// <summary>Adds a request that both judged.</summary>
    public void Record(string segment, Agreement agreement)
    {
        ArgumentNullException.ThrowIfNull(segment);
        ArgumentNullException.ThrowIfNull(agreement);
        _segments.AddOrUpdate(
            segment,
            _ => (1, agreement.TopOverlap),
            (_, old) =>
            {
                double weight = Math.Max(_options.Weight, 1.0 / (old.Requests + 1));
                return (old.Requests + 1, old.Mean + weight * (agreement.TopOverlap - old.Mean));
            });
    }

    /// <summary>How many requests a segment has, and the moving mean of their overlap; (0, 0) for none.</summary>
    public (int Requests, double Overlap) Of(string segment) => _segments.GetValueOrDefault(segment);

    /// <summary>Why the student must not stand in on a segment, as a sentence; null when it may.</summary>
    public string? Objection(string segment)
    {
        (int requests, double overlap) = Of(segment);
        return requests < _options.MinRequests
            ? $"It was compared with the model on {requests} such requests; {_options.MinRequests} are needed."
            : overlap < _options.Needed
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"It agrees with the model on {overlap:P0} of the top; {_options.Needed:P0} are needed.")
            : null;
    }
}
