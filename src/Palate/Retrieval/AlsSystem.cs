using System.Buffers;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>The linear systems of one side's rows, given the other side's factors: half an iteration of ALS.</summary>
/// <remarks>
/// For a row with the observed cells S:  (w0 Y'Y + sum over S of alpha r y y' + lambda I) x = sum over S of
/// (w0 + alpha r) y.   Hu, Koren and Volinsky 2008, eq. 4. Y'Y is computed once and shared by all rows.
/// </remarks>
internal sealed unsafe class AlsSystem
{
    // Pieces are fixed, so that sums and solutions do not depend on how many threads there are.
    private const int RowsPerGramPiece = 512;
    private const int CostPerPiece = 16_384;

    private readonly float[] _factors;
    private readonly int _rows;
    private readonly int _width;
    private readonly AlsOptions _options;

    // w0 Y'Y [width, width], both triangles.
    private readonly float[] _gram;

    public AlsSystem(float[] factors, int rows, AlsOptions options, int threads, CancellationToken stop)
    {
        _factors = factors;
        _rows = rows;
        _width = WidthOf(options.Factors);
        _options = options;
        _gram = new float[_width * _width];
        BuildGram(threads, stop);
    }

    /// <summary>The length of a row of factors: a multiple of 16, the rest of it 0.</summary>
    public static int WidthOf(int factors) => (factors + 15) & ~15;

    /// <summary>Solves every row of a matrix.</summary>
    /// <param name="matrix">The rows to solve; its columns are this system's factors.</param>
    /// <param name="solutions">Rows x width; holds the last solutions and receives the new ones.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="stop">Cancels.</param>
    public void SolveAll(InteractionMatrix matrix, float[] solutions, int threads, CancellationToken stop)
    {
        // Pieces of about equal cost: a row costs its cells, and the dense product as much as some more cells.
        int[] starts = Partition(matrix.Offsets, matrix.Rows, _width / 2);
        Workers.Run(starts.Length - 1, threads, SolvePiece, stop);

        void SolvePiece(int piece)
        {
            for (int row = starts[piece]; row < starts[piece + 1]; row++)
            {
                Span<float> solution = solutions.AsSpan(row * _width, _width);
                ReadOnlySpan<int> columns = matrix.Row(row);
                if (columns.IsEmpty)
                {
                    solution.Clear();
                }
                else if (_options.Solver == AlsSolver.Cholesky)
                {
                    SolveExactly(columns, matrix.RowValues(row), solution);
                }
                else
                {
                    SolveByConjugateGradient(columns, matrix.RowValues(row), solution);
                }
            }
        }
    }

    /// <summary>Solves one row exactly.</summary>
    public void SolveExactly(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> solution)
    {
        int width = _width;
        float[] rented = ArrayPool<float>.Shared.Rent(width * width);
        Span<float> a = rented.AsSpan(0, width * width);
        _gram.CopyTo(a);
        solution.Clear();
        for (int place = 0; place < columns.Length; place++)
        {
            ReadOnlySpan<float> y = _factors.AsSpan(columns[place] * width, width);
            float weight = Weight(values[place]);
            TensorPrimitives.MultiplyAdd(y, _options.UnobservedWeight + weight, solution, solution);
            for (int row = 0; row < width; row++)
            {
                Span<float> target = a.Slice(row * width, row + 1);
                TensorPrimitives.MultiplyAdd(y[..(row + 1)], weight * y[row], target, target);
            }
        }

        float lambda = Penalty(columns.Length);
        for (int row = 0; row < width; row++)
        {
            a[row * width + row] += lambda;
        }

        Cholesky.Factor(a, width);
        Cholesky.Solve(a, width, solution);
        ArrayPool<float>.Shared.Return(rented);
    }

    private void SolveByConjugateGradient(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> x)
    {
        Span<float> r = stackalloc float[_width];
        Span<float> p = stackalloc float[_width];
        Span<float> ap = stackalloc float[_width];
        float lambda = Penalty(columns.Length);

        // r = b - A x
        Multiply(columns, values, lambda, x, 1, r);
        TensorPrimitives.Negate(r, r);
        r.CopyTo(p);
        float rr = TensorPrimitives.Dot<float>(r, r);
        for (int step = 0; step < _options.ConjugateGradientSteps && rr > 1e-20f; step++)
        {
            Multiply(columns, values, lambda, p, 0, ap);
            float alpha = rr / TensorPrimitives.Dot<float>(p, ap);
            TensorPrimitives.MultiplyAdd(p, alpha, x, x);
            TensorPrimitives.MultiplyAdd(ap, -alpha, r, r);
            float next = TensorPrimitives.Dot<float>(r, r);
            TensorPrimitives.MultiplyAdd(p, next / rr, r, p);
            rr = next;
        }
    }

    /// <summary>product = A v - target b.</summary>
    private void Multiply(
        ReadOnlySpan<int> columns,
        ReadOnlySpan<float> values,
        float lambda,
        ReadOnlySpan<float> v,
        float target,
        Span<float> product)
    {
        TensorPrimitives.Multiply(v, lambda, product);
        for (int k = 0; k < _width; k++)
        {
            TensorPrimitives.MultiplyAdd(_gram.AsSpan(k * _width, _width), v[k], product, product);
        }

        for (int place = 0; place < columns.Length; place++)
        {
            ReadOnlySpan<float> y = _factors.AsSpan(columns[place] * _width, _width);
            float weight = Weight(values[place]);
            float factor = weight * TensorPrimitives.Dot(y, v) - target * (_options.UnobservedWeight + weight);
            TensorPrimitives.MultiplyAdd(y, factor, product, product);
        }
    }

    private float Weight(float value) => _options.Alpha * (_options.UseValues ? MathF.Max(0, value) : 1);

    private float Penalty(int cells) =>
        _options.RegularizationKind == AlsRegularization.Constant
            ? _options.Regularization
            : _options.Regularization
                * MathF.Pow(cells + _options.UnobservedWeight * _rows, _options.FrequencyExponent);

    private void BuildGram(int threads, CancellationToken stop)
    {
        int size = _width * _width;
        int pieces = Math.Max(1, (_rows + RowsPerGramPiece - 1) / RowsPerGramPiece);
        float[] partial = new float[pieces * size];
        Workers.Run(pieces, threads, SumPiece, stop);
        for (int piece = 0; piece < pieces; piece++)
        {
            TensorPrimitives.MultiplyAdd(partial.AsSpan(piece * size, size), _options.UnobservedWeight, _gram, _gram);
        }

        void SumPiece(int piece)
        {
            Span<float> sum = partial.AsSpan(piece * size, size);
            int end = Math.Min(_rows, (piece + 1) * RowsPerGramPiece);
            for (int row = piece * RowsPerGramPiece; row < end; row++)
            {
                ReadOnlySpan<float> y = _factors.AsSpan(row * _width, _width);
                for (int k = 0; k < _width; k++)
                {
                    Span<float> target = sum.Slice(k * _width, _width);
                    TensorPrimitives.MultiplyAdd(y, y[k], target, target);
                }
            }
        }
    }

    private static int[] Partition(int[] offsets, int rows, int rowCost)
    {
        var starts = new List<int> { 0 };
        long cost = 0;
        for (int row = 0; row < rows; row++)
        {
            cost += offsets[row + 1] - offsets[row] + rowCost;
            if (cost >= CostPerPiece || row == rows - 1)
            {
                starts.Add(row + 1);
                cost = 0;
            }
        }

        return [.. starts];
    }
}
