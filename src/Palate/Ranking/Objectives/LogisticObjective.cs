namespace Palate;

/// <summary>Binary cross-entropy: g = w (p - y), h = w p (1 - p) with p = 1 / (1 + exp(-score)).</summary>
internal sealed class LogisticObjective : BoostingObjective
{
    private const int Piece = 1 << 14;
    private readonly float[] _targets;
    private readonly float[]? _weights;
    private readonly ParallelOptions _parallel;

    public LogisticObjective(RankingDataset data, ParallelOptions parallel)
    {
        _targets = Targets(data.Labels);
        _weights = data.Weights;
        _parallel = parallel;
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < _targets.Length; row++)
        {
            double weight = _weights is null ? 1 : _weights[row];
            sum += weight * _targets[row];
            weights += weight;
        }

        // The log odds of the mean; a data set of one class stays within odds of a million to one.
        double mean = Math.Clamp(weights > 0 ? sum / weights : 0.5, 1e-6, 1 - 1e-6);
        Bias = (float)Math.Log(mean / (1 - mean));
    }

    public override float Bias { get; }

    /// <summary>Labels as probabilities: themselves up to 1, otherwise shares of the largest.</summary>
    public static float[] Targets(float[] labels)
    {
        float largest = Math.Max(labels.Max(), 1);
        return [.. labels.Select(label => label / largest)];
    }

    public override void Write(float[] scores, float[] pairs) =>
        Parallel.For(0, (scores.Length + Piece - 1) / Piece, _parallel, piece =>
        {
            int end = Math.Min((piece + 1) * Piece, scores.Length);
            for (int row = piece * Piece; row < end; row++)
            {
                float p = 1 / (1 + MathF.Exp(-scores[row]));
                float weight = _weights is null ? 1 : _weights[row];
                pairs[2 * row] = weight * (p - _targets[row]);
                pairs[2 * row + 1] = weight * Math.Max(p * (1 - p), 1e-7f);
            }
        });
}
