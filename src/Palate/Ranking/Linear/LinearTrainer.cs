using System.Numerics.Tensors;

namespace Palate;

/// <summary>Newton's method for logistic regression (iteratively reweighted least squares).</summary>
/// <remarks>
/// One step solves (X' W X + lambda I) d = X' (y - p) - lambda b with W = p (1 - p), Hastie et al. 2009, section 4.4.1.
/// It costs rows x features^2 / 2 multiplications. Rows are summed up in pieces of a fixed size and the pieces in their
/// order, so that the result does not depend on the number of threads.
/// </remarks>
internal sealed class LinearTrainer
{
    private const int Piece = 1 << 12;
    private readonly RankingDataset _data;
    private readonly LinearOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly float[] _means;
    private readonly float[] _scales;
    private readonly float[] _targets;
    private readonly int _width;

    public LinearTrainer(RankingDataset data, LinearOptions options, CancellationToken stop)
    {
        _data = data;
        _options = options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop };
        _means = new float[data.Features];
        _scales = new float[data.Features];
        _targets = LogisticObjective.Targets(data.Labels);
        _width = data.Features + 1;
        Parallel.For(0, data.Features, _parallel, Standardise);
    }

    public Linear Train()
    {
        // The intercept is the last coefficient and is not pulled to 0.
        double[] coefficients = new double[_width];
        double loss = double.PositiveInfinity;
        double[] step = new double[_width];
        double length = 1;
        for (int round = 0; round < _options.MaxSteps; round++)
        {
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            double[] tried = new double[_width];
            for (int place = 0; place < _width; place++)
            {
                tried[place] = coefficients[place] + length * step[place];
            }

            Sums sums = Sum(tried);
            if (sums.Loss > loss + 1e-9 * Math.Abs(loss))
            {
                // Too far: Newton's step overshoots where the loss is far from a parabola.
                length /= 2;
                if (length < 1e-4)
                {
                    break;
                }

                continue;
            }

            coefficients = tried;
            loss = sums.Loss;
            length = 1;
            step = Solve(sums);
            if (TensorPrimitives.MaxMagnitude<double>(step) is < 1e-6 and > -1e-6)
            {
                break;
            }
        }

        float[] weights = [.. coefficients.Take(_data.Features).Select(value => (float)value)];
        return new Linear([.. _data.FeatureNames], _means, _scales, weights, (float)coefficients[^1]);
    }

    private void Standardise(int feature)
    {
        ReadOnlySpan<float> column = _data[feature];
        double sum = 0;
        long count = 0;
        foreach (float value in column)
        {
            if (!float.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        double mean = count > 0 ? sum / count : 0;
        double squares = 0;
        foreach (float value in column)
        {
            if (!float.IsNaN(value))
            {
                squares += (value - mean) * (value - mean);
            }
        }

        double deviation = count > 0 ? Math.Sqrt(squares / count) : 0;
        _means[feature] = (float)mean;

        // A constant says nothing: what differs from it later counts as the mean.
        bool varies = deviation > 1e-6 * Math.Abs(mean) && deviation > 1e-30;
        _scales[feature] = varies ? (float)Math.Min(1 / deviation, float.MaxValue) : 0;
    }

    private Sums Sum(double[] coefficients)
    {
        var pieces = new Sums[(_data.Rows + Piece - 1) / Piece];
        Parallel.For(0, pieces.Length, _parallel, piece =>
            pieces[piece] = SumPiece(coefficients, piece * Piece, Math.Min((piece + 1) * Piece, _data.Rows)));
        Sums all = pieces[0];
        for (int piece = 1; piece < pieces.Length; piece++)
        {
            TensorPrimitives.Add(all.Gradient, pieces[piece].Gradient, all.Gradient);
            TensorPrimitives.Add(all.Hessian, pieces[piece].Hessian, all.Hessian);
            all.Loss += pieces[piece].Loss;
        }

        for (int feature = 0; feature < _data.Features; feature++)
        {
            all.Gradient[feature] -= _options.L2 * coefficients[feature];
            all.Hessian[feature * _width + feature] += _options.L2;
            all.Loss += 0.5 * _options.L2 * coefficients[feature] * coefficients[feature];
        }

        // Keeps the intercept's equation solvable when every row has the same label.
        all.Hessian[^1] += 1e-6;
        return all;
    }

    private Sums SumPiece(double[] coefficients, int from, int to)
    {
        var sums = new Sums(_width);
        double[] row = new double[_width];
        row[^1] = 1;
        for (int r = from; r < to; r++)
        {
            for (int feature = 0; feature < _data.Features; feature++)
            {
                row[feature] = Linear.Standardise(
                    _data.Values[feature * _data.Rows + r], _means[feature], _scales[feature]);
            }

            double weight = _data.Weights is null ? 1 : _data.Weights[r];
            double score = TensorPrimitives.Dot<double>(row, coefficients);
            double p = 1 / (1 + Math.Exp(-score));

            // log(1 + exp(s)) - y s, without overflow.
            sums.Loss += weight
                * (Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score))) - _targets[r] * score);
            TensorPrimitives.MultiplyAdd(row, weight * (_targets[r] - p), sums.Gradient, sums.Gradient);
            double curvature = weight * Math.Max(p * (1 - p), 1e-9);
            for (int i = 0; i < _width; i++)
            {
                // The lower triangle, row by row.
                Span<double> line = sums.Hessian.AsSpan(i * _width, i + 1);
                TensorPrimitives.MultiplyAdd(row.AsSpan(0, i + 1), curvature * row[i], line, line);
            }
        }

        return sums;
    }

    // Cholesky: H = L L', in place in the lower triangle; then two triangular solutions.
    private double[] Solve(Sums sums)
    {
        double[] h = sums.Hessian;
        int n = _width;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = h[i * n + j]
                    - TensorPrimitives.Dot<double>(h.AsSpan(i * n, j), h.AsSpan(j * n, j));
                h[i * n + j] = i == j ? Math.Sqrt(Math.Max(rest, 1e-12)) : rest / h[j * n + j];
            }
        }

        double[] x = [.. sums.Gradient];
        for (int i = 0; i < n; i++)
        {
            x[i] = (x[i] - TensorPrimitives.Dot<double>(h.AsSpan(i * n, i), x.AsSpan(0, i))) / h[i * n + i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            x[i] /= h[i * n + i];
            for (int j = 0; j < i; j++)
            {
                x[j] -= h[i * n + j] * x[i];
            }
        }

        return x;
    }

    private sealed class Sums(int width)
    {
        public double[] Gradient { get; } = new double[width];

        public double[] Hessian { get; } = new double[width * width];

        public double Loss { get; set; }
    }
}
