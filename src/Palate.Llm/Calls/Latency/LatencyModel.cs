namespace Palate.Llm;

/// <summary>Says how long a call to one model will take, from how long the last ones took.</summary>
/// <remarks>
/// <para>time = a + b * uncached prompt tokens + c * cached prompt tokens + d * reply tokens, none of them negative,
/// fitted to the calls that are remembered with Huber's weights (Huber 1964), so that a few that hung do not count;
/// what was believed before counts like two calls. Around that line the quantiles of what the calls were above or below
/// it, in proportion to the square root of its height: noise grows with the time, but not as fast.</para>
/// <para>Safe to use from any thread. Observing costs a microsecond and, at times, a fit of about 30;
/// predicting costs less than 0.1. With more than 64 calls remembered it is fitted anew once an eighth of them has been
/// replaced: a fit grows with what it is fitted to, and one call of 96 changes little.</para>
/// </remarks>
public sealed class LatencyModel
{
    private const int Terms = 4;
    private const int FitEvery = 8;
    private const int Rounds = 4;
    private const double PriorCalls = 2;
    private const double HuberWidth = 1.345;

    // More would be slower to notice that a model has become slower, and to fit.
    private const int Memory = 96;

    // What is believed before the first call: optimistic, so that a new model is tried at all.
    private const double FixedMilliseconds = 10;
    private const double MillisecondsPerPromptToken = 0.02;
    private const double MillisecondsPerOutputToken = 2;

    private static readonly double[] Prior =
        [FixedMilliseconds, MillisecondsPerPromptToken, MillisecondsPerPromptToken / 10, MillisecondsPerOutputToken];

    private readonly Lock _lock = new();

    // rows [memory, terms + 1] = 1, uncached, cached, output, milliseconds
    private readonly double[] _rows = new double[Memory * (Terms + 1)];

    // Room for a fit.
    private readonly double[] _weights = new double[Memory];
    private readonly double[] _sizes = new double[Memory];
    private int _seen;
    private int _fitted;
    private Fit _fit = new(Prior, 1, []);

    /// <summary>How many calls were observed.</summary>
    public int Observations => Volatile.Read(ref _seen);

    /// <summary>The time within which a share of such calls is back.</summary>
    /// <param name="promptTokens">Prompt tokens, none of them in the prefix cache.</param>
    /// <param name="outputTokens">Reply tokens.</param>
    /// <param name="quantile">The share, above 0 and below 1.</param>
    public TimeSpan Predict(int promptTokens, int outputTokens, double quantile) =>
        Predict(promptTokens, 0, outputTokens, quantile);

    /// <summary>The time within which a share of such calls is back.</summary>
    /// <param name="promptTokens">All prompt tokens.</param>
    /// <param name="cachedTokens">Those of them that the prefix cache has.</param>
    /// <param name="outputTokens">Reply tokens.</param>
    /// <param name="quantile">The share, above 0 and below 1.</param>
    public TimeSpan Predict(int promptTokens, int cachedTokens, int outputTokens, double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        if (quantile is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(quantile), quantile, "The quantile must be above 0 and below 1.");
        }

        Fit fit = Volatile.Read(ref _fit);
        cachedTokens = Math.Clamp(cachedTokens, 0, promptTokens);
        double line = fit.Line([1, promptTokens - cachedTokens, cachedTokens, outputTokens]);
        double time = line + (fit.Quantile(quantile) * Math.Sqrt(line * fit.Typical));
        return TimeSpan.FromMilliseconds(Math.Max(0, time));
    }

    /// <summary>Learns from a call that came back.</summary>
    public void Observe(int promptTokens, int cachedTokens, int outputTokens, TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        cachedTokens = Math.Clamp(cachedTokens, 0, promptTokens);
        lock (_lock)
        {
            Span<double> row = _rows.AsSpan(_seen % Memory * (Terms + 1), Terms + 1);
            row[0] = 1;
            row[1] = promptTokens - cachedTokens;
            row[2] = cachedTokens;
            row[3] = outputTokens;
            row[4] = latency.TotalMilliseconds;
            Volatile.Write(ref _seen, _seen + 1);
            int remembered = Math.Min(_seen, Memory);
            if (_seen <= FitEvery || _seen - _fitted >= Math.Max(FitEvery, remembered / FitEvery))
            {
                _fitted = _seen;
                Volatile.Write(ref _fit, Refit(remembered));
            }
        }
    }

    /// <summary>Learns from a call that was given up: it would have taken at least so long.</summary>
    /// <remarks>It teaches only when the model had promised less; then it counts as if it had come back just now.</remarks>
    public void ObserveAtLeast(int promptTokens, int cachedTokens, int outputTokens, TimeSpan latency)
    {
        if (latency > Predict(promptTokens, cachedTokens, outputTokens, 0.5))
        {
            Observe(promptTokens, cachedTokens, outputTokens, latency);
        }
    }

    /// <summary>Learns from an entry of the ledger, as an observer of spending.</summary>
    /// <remarks>Calls that failed otherwise than by time teach nothing, nor do estimated ones that came to an end.</remarks>
    public void Observe(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CallUsage usage = entry.Usage;
        if (entry.Outcome == LedgerOutcome.Ok && !entry.IsEstimated)
        {
            Observe(Int(usage.InputTokens), Int(usage.CachedTokens), Int(usage.OutputTokens), entry.Latency);
        }
        else if (entry.Failure == ModelCallFailure.Timeout)
        {
            ObserveAtLeast(Int(usage.InputTokens), Int(usage.CachedTokens), Int(usage.OutputTokens), entry.Latency);
        }
    }

    private static int Int(long tokens) => (int)Math.Clamp(tokens, 0, int.MaxValue);

    private Fit Refit(int count)
    {
        Span<double> weights = _weights.AsSpan(0, count);
        Span<double> sizes = _sizes.AsSpan(0, count);
        weights.Fill(1);
        double[] line = [.. Prior];
        double[] rests = new double[count];
        for (int round = 0; round < Rounds; round++)
        {
            Solve(count, weights, line);
            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<double> row = Row(index);
                rests[index] = row[Terms] - Fit.Line(line, row);
            }

            for (int index = 0; index < count; index++)
            {
                sizes[index] = Math.Abs(rests[index]);
            }

            sizes.Sort();
            double scale = Math.Max(sizes[count / 2] * 1.4826, 1e-6) * HuberWidth;
            for (int index = 0; index < count; index++)
            {
                weights[index] = Math.Min(1, scale / Math.Max(Math.Abs(rests[index]), 1e-9));
            }
        }

        double typical = 0;
        for (int index = 0; index < count; index++)
        {
            typical += Fit.Line(line, Row(index)) / count;
        }

        typical = Math.Max(typical, 1e-3);
        for (int index = 0; index < count; index++)
        {
            rests[index] /= Math.Sqrt(Math.Max(Fit.Line(line, Row(index)), 1e-3) * typical);
        }

        Array.Sort(rests);
        return new Fit(line, typical, rests);
    }

    // Least squares without negative coefficients, by coordinate descent on the normal equations. The prior is a few
    // calls whose every term took exactly what was believed, as large as the calls that were seen.
    private void Solve(int count, ReadOnlySpan<double> weights, double[] line)
    {
        Span<double> gram = stackalloc double[Terms * Terms];
        Span<double> right = stackalloc double[Terms];
        gram.Clear();
        right.Clear();
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<double> row = Row(index);
            for (int a = 0; a < Terms; a++)
            {
                double weighed = weights[index] * row[a];
                right[a] += weighed * row[Terms];
                for (int b = a; b < Terms; b++)
                {
                    gram[(a * Terms) + b] += weighed * row[b];
                }
            }
        }

        for (int a = 1; a < Terms; a++)
        {
            for (int b = 0; b < a; b++)
            {
                gram[(a * Terms) + b] = gram[(b * Terms) + a];
            }
        }

        for (int a = 0; a < Terms; a++)
        {
            double size = Math.Max(gram[(a * Terms) + a] / count, 1e-6) * PriorCalls / Math.Sqrt(count);
            gram[(a * Terms) + a] += size;
            right[a] += size * Prior[a];
        }

        for (int sweep = 0; sweep < 200; sweep++)
        {
            double change = 0;
            for (int a = 0; a < Terms; a++)
            {
                double rest = right[a];
                for (int b = 0; b < Terms; b++)
                {
                    rest -= b == a ? 0 : gram[(a * Terms) + b] * line[b];
                }

                double next = Math.Max(0, rest / gram[(a * Terms) + a]);
                change = Math.Max(change, Math.Abs(next - line[a]) / (Math.Abs(next) + 1e-9));
                line[a] = next;
            }

            if (change < 1e-6)
            {
                break;
            }
        }
    }

    private ReadOnlySpan<double> Row(int index) => _rows.AsSpan(index * (Terms + 1), Terms + 1);

    private sealed class Fit(double[] terms, double typical, double[] rests)
    {
        public double Typical { get; } = typical;

        public static double Line(double[] terms, ReadOnlySpan<double> row) =>
            (terms[0] * row[0]) + (terms[1] * row[1]) + (terms[2] * row[2]) + (terms[3] * row[3]);

        public double Line(ReadOnlySpan<double> row) => Line(terms, row);

        // Between the sorted rests; the largest of n stands for the quantile n / (n + 1).
        public double Quantile(double quantile)
        {
            if (rests.Length == 0)
            {
                return 0;
            }

            double place = (quantile * (rests.Length + 1)) - 1;
            int low = (int)Math.Floor(place);
            return low < 0 ? rests[0]
                : low >= rests.Length - 1 ? rests[^1]
                : rests[low] + ((place - low) * (rests[low + 1] - rests[low]));
        }
    }
}
