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
    private const string FileTag = "agreement/1";

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

    /// <summary>Writes what was recorded; the options are not part of it.</summary>
    public void Save(BinaryWriter writer) => RankerFile.WriteFrame(writer, FileTag, body =>
    {
        KeyValuePair<string, (int Requests, double Mean)>[] segments =
            [.. _segments.OrderBy(segment => segment.Key, StringComparer.Ordinal)];
        body.Write(segments.Length);
        foreach ((string segment, (int requests, double mean)) in segments)
        {
            body.Write(segment);
            body.Write(requests);
            body.Write(mean);
        }
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static AgreementLedger Load(BinaryReader reader, AgreementOptions? options = null) =>
        RankerFile.ReadFrame(reader, FileTag, body =>
        {
            var ledger = new AgreementLedger(options);
            for (int left = body.ReadInt32(); left > 0; left--)
            {
                string segment = body.ReadString();
                (int requests, double mean) = (body.ReadInt32(), body.ReadDouble());
                ledger._segments[segment] = requests >= 0 && mean is >= 0 and <= 1
                    ? (requests, mean)
                    : throw new InvalidDataException("A ledger of agreement is damaged: an overlap is outside 0 to 1.");
            }

            return ledger;
        });

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
