namespace Palate.Llm;

/// <summary>Estimates how many tokens a model counts for a text, and corrects itself by what the model reports.</summary>
/// <remarks>
/// There is no tokenizer here: the count is a weighted sum of what the text is made of (<see cref="TokenFeatures"/>) plus a
/// constant per call, and the weights follow the reported usage by recursive least squares with forgetting, each
/// observation divided by its own size so that long prompts do not outvote short ones. Until the first report the family's
/// own weights hold. Thread-safe: estimates read a snapshot and never wait.
/// </remarks>
public sealed class TokenEstimator
{
    private const int Width = 7;

    // A report is forgotten over about 500 later ones, so that another tokenizer behind the same name is followed.
    private const double Forgetting = 0.998;

    // The weights' own uncertainty before any report, and the noise of one report, both relative.
    private const double Prior = 0.5;
    private const double Noise = 0.02;
    private const double MaxTrace = 400;

    private readonly Lock _gate = new();
    private readonly double[] _covariance = new double[Width * Width];
    private double[] _weights;
    private double _error = double.NaN;
    private long _observed;

    /// <summary>An estimator for a family of models.</summary>
    /// <param name="family">As <see cref="FamilyOf"/> names it; an unknown one starts as <c>default</c> does.</param>
    public TokenEstimator(string family = "default")
    {
        ArgumentNullException.ThrowIfNull(family);
        Family = family;
        _weights = Start(family);
        for (int i = 0; i < Width; i++)
        {
            double spread = Prior * Math.Max(_weights[i], 0.3);
            _covariance[i * Width + i] = spread * spread;
        }
    }

    /// <summary>The family whose tokens are estimated.</summary>
    public string Family { get; }

    /// <summary>How many reports it has learned from.</summary>
    public long Observed => Interlocked.Read(ref _observed);

    /// <summary>The running mean of |estimate - reported| / reported, over about the last 50 reports; NaN before any.</summary>
    public double Error => Volatile.Read(ref _error);

    /// <summary>The family of a model by its name, for example <c>openai</c> for <c>gpt-4o-mini</c>.</summary>
    public static string FamilyOf(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (string Part, string Family)[] known =
        [
            ("simulated", "simulated"), ("gpt", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"),
            ("claude", "anthropic"), ("llama", "llama"), ("qwen", "qwen"), ("mistral", "mistral"), ("mixtral", "mistral"),
            ("ministral", "mistral"), ("gemma", "gemma"), ("gemini", "gemma"), ("deepseek", "deepseek"), ("phi", "llama"),
        ];
        foreach ((string part, string family) in known)
        {
            int at = model.IndexOf(part, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (at == 0 || !char.IsAsciiLetterOrDigit(model[at - 1])))
            {
                return family;
            }
        }

        return "default";
    }

    /// <summary>The estimated tokens of a text on its own, without what a call adds.</summary>
    public int Estimate(ReadOnlySpan<char> text) => Round(Sum(Volatile.Read(ref _weights), TokenFeatures.Of(text), 0));

    /// <summary>The estimated tokens of a call whose messages have these features together.</summary>
    public int EstimateCall(TokenFeatures features) => Round(Sum(Volatile.Read(ref _weights), features, 1));

    /// <summary>The estimated tokens of a piece of a prompt, without what a call adds.</summary>
    public int Estimate(TokenFeatures features) => Round(Sum(Volatile.Read(ref _weights), features, 0));

    /// <summary>Learns from what was reported for a call's prompt.</summary>
    /// <param name="features">Of all its messages together.</param>
    /// <param name="reported">Input tokens, cached ones included; a report that is not positive is ignored.</param>
    public void Observe(TokenFeatures features, long reported)
    {
        if (reported is <= 0 or > 100_000_000)
        {
            return;
        }

        Span<double> x = [features.Words, features.Letters, features.Digits, features.Marks, features.Wide, features.Lines, 1];
        Span<double> gain = stackalloc double[Width];
        lock (_gate)
        {
            double predicted = Sum(_weights, features, 1);
            double error = Math.Abs(predicted - reported) / reported;
            Volatile.Write(ref _error, double.IsNaN(_error) ? error : _error + (error - _error) / 50);

            // k = P x / (l s^2 + x' P x),  w += k (y - x' w),  P = (P - k x' P) / l     Haykin, Adaptive Filter Theory, RLS
            double noise = Noise * reported;
            double total = Forgetting * noise * noise;
            for (int i = 0; i < Width; i++)
            {
                double sum = 0;
                for (int j = 0; j < Width; j++)
                {
                    sum += _covariance[i * Width + j] * x[j];
                }

                gain[i] = sum;
                total += sum * x[i];
            }

            // Features that never occur keep their bounds: nothing is forgotten while the uncertainty is large already.
            double trace = 0;
            for (int i = 0; i < Width; i++)
            {
                trace += _covariance[i * Width + i];
            }

            double forgetting = trace > MaxTrace ? 1 : Forgetting;
            double[] weights = [.. _weights];
            double residual = reported - Linear(weights, x);
            for (int i = 0; i < Width; i++)
            {
                weights[i] += gain[i] / total * residual;
                for (int j = 0; j <= i; j++)
                {
                    double next = (_covariance[i * Width + j] - gain[i] * gain[j] / total) / forgetting;
                    _covariance[i * Width + j] = next;
                    _covariance[j * Width + i] = next;
                }
            }

            if (weights.All(double.IsFinite))
            {
                Volatile.Write(ref _weights, weights);
            }

            _observed++;
        }
    }

    private static double Linear(ReadOnlySpan<double> weights, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int i = 0; i < Width; i++)
        {
            sum += weights[i] * x[i];
        }

        return sum;
    }

    private static double Sum(double[] weights, TokenFeatures features, int calls) =>
        Math.Max(
            0,
            weights[0] * features.Words + weights[1] * features.Letters + weights[2] * features.Digits +
            weights[3] * features.Marks + weights[4] * features.Wide + weights[5] * features.Lines + weights[6] * calls);

    private static int Round(double tokens) => (int)Math.Min(Math.Ceiling(tokens), int.MaxValue);

    // Words, letters, digits, marks, wide, lines, call. From how byte-pair vocabularies of 32 thousand (llama, mistral) to
    // 200 thousand (openai) entries cut English prose and JSON; only the start, reports correct them.
    private static double[] Start(string family) => family switch
    {
        "openai" => [0.55, 0.12, 0.35, 0.65, 0.75, 0.5, 8],
        "anthropic" => [0.6, 0.15, 0.5, 0.75, 1.0, 0.6, 10],
        "llama" or "qwen" or "deepseek" or "gemma" => [0.55, 0.13, 0.6, 0.7, 0.9, 0.6, 12],
        "mistral" => [0.55, 0.17, 1.0, 0.8, 1.3, 0.8, 8],
        _ => [0.55, 0.14, 0.5, 0.7, 1.0, 0.6, 10],
    };
}
