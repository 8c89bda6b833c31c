using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Palate;

/// <summary>The linear systems of one side's rows, given the other side's factors: half an iteration of ALS.</summary>
/// <remarks>
/// For a row with the observed cells S:  (w0 Y'Y + sum over S of alpha r y y' + lambda I) x = sum over S of
/// (w0 + alpha r) y.   Hu, Koren and Volinsky 2008, eq. 4. Y'Y is computed once and shared by all rows.
/// </remarks>
internal sealed class AlsSystem
{
    // Pieces are fixed, so that sums and solutions do not depend on how many threads there are.
    private const int RowsPerGramPiece = 512;
    private const int CostPerPiece = 16_384;
    private const int GatheredRows = 128;

    private readonly ReadOnlyMemory<float> _factors;
    private readonly int _rows;
    private readonly int _width;
    private readonly AlsOptions _options;

    // w0 Y'Y [width, width], both triangles.
    private readonly Memory<float> _gram;

    public AlsSystem(ReadOnlyMemory<float> factors, int rows, AlsOptions options, int threads, CancellationToken stop)
    {
        _factors = factors;
        _rows = rows;
        _width = WidthOf(options.Factors);
        _options = options;
        _gram = AlignedMemory.Allocate(_width * _width);
        BuildGram(threads, stop);
    }

    /// <summary>The length of a row of factors: a multiple of 16, the rest of it 0.</summary>
    public static int WidthOf(int factors) => (factors + 15) & ~15;

    /// <summary>How much each cell weighs beyond an unobserved one: alpha r.</summary>
    public static float[] Weights(ReadOnlySpan<float> values, AlsOptions options)
    {
        float[] weights = new float[values.Length];
        if (options.UseValues)
        {
            TensorPrimitives.Max(values, 0f, weights);
            TensorPrimitives.Multiply(weights, options.Alpha, weights);
        }
        else
        {
            Array.Fill(weights, options.Alpha);
        }

        return weights;
    }

    /// <summary>Solves every row of a matrix.</summary>
    /// <param name="matrix">The rows to solve; its columns are this system's factors.</param>
    /// <param name="weights">The weight of each cell, from <see cref="Weights"/>.</param>
    /// <param name="solutions">Rows x width; holds the last solutions and receives the new ones.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="stop">Cancels.</param>
    public void SolveAll(
        InteractionMatrix matrix, float[] weights, Memory<float> solutions, int threads, CancellationToken stop)
    {
        // Pieces of about equal cost: a row costs its cells, and the dense product as much as some more cells.
        int[] starts = Partition(matrix.Offsets, matrix.Rows, _width / 2);
        Workers.Run(starts.Length - 1, threads, SolvePiece, stop);

        void SolvePiece(int piece)
        {
            Span<float> all = solutions.Span;
            for (int row = starts[piece]; row < starts[piece + 1]; row++)
            {
                Span<float> solution = all.Slice(row * _width, _width);
                ReadOnlySpan<int> columns = matrix.Row(row);
                ReadOnlySpan<float> own = weights.AsSpan(matrix.Offsets[row], columns.Length);
                if (columns.IsEmpty)
                {
                    solution.Clear();
                }
                else if (_options.Solver == AlsSolver.Cholesky)
                {
                    SolveExactly(columns, own, solution);
                }
                else
                {
                    Improve(columns, own, solution);
                }
            }
        }
    }

    /// <summary>Solves one row exactly.</summary>
    /// <param name="columns">The row's columns.</param>
    /// <param name="weights">The weight of each of them.</param>
    /// <param name="solution">Receives the solution; its length is the width.</param>
    public void SolveExactly(ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, Span<float> solution)
    {
        int width = _width;
        float[] rented = ArrayPool<float>.Shared.Rent(width * width + GatheredRows * width);
        Span<float> a = rented.AsSpan(0, width * width);
        Span<float> gathered = rented.AsSpan(width * width, GatheredRows * width);
        ReadOnlySpan<float> factors = _factors.Span;
        _gram.Span.CopyTo(a);
        solution.Clear();

        // Rows times the roots of their weights are gathered block by block, so that the kernel finds them nearby.
        for (int start = 0; start < columns.Length; start += GatheredRows)
        {
            int depth = Math.Min(GatheredRows, columns.Length - start);
            for (int k = 0; k < depth; k++)
            {
                ReadOnlySpan<float> y = factors.Slice(columns[start + k] * width, width);
                float weight = weights[start + k];
                TensorPrimitives.Multiply(y, MathF.Sqrt(weight), gathered.Slice(k * width, width));
                TensorPrimitives.MultiplyAdd(y, _options.UnobservedWeight + weight, solution, solution);
            }

            OuterProducts.Add(gathered, gathered, depth, width, upper: true, a);
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

    /// <summary>A few steps of the conjugate gradient from the solution that x holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Improve(ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, Span<float> x)
    {
        Span<float> scratch = stackalloc float[3 * _width];
        Span<float> r = scratch[.._width];
        Span<float> p = scratch.Slice(_width, _width);
        Span<float> ap = scratch[(2 * _width)..];
        float lambda = Penalty(columns.Length);
        float unobserved = _options.UnobservedWeight;
        ReadOnlySpan<float> gram = _gram.Span;
        ReadOnlySpan<float> factors = _factors.Span;

        // r = b - A x
        ImplicitProduct.Apply(gram, factors, _width, lambda, columns, weights, unobserved, 1, x, r);
        float rr = ConjugateGradient.Begin(r, p);
        for (int step = 1; rr > 1e-20f; step++)
        {
            ImplicitProduct.Apply(gram, factors, _width, lambda, columns, weights, unobserved, 0, p, ap);
            float next = ConjugateGradient.Advance(p, ap, rr, x, r);
            if (step >= _options.ConjugateGradientSteps)
            {
                break;
            }

            ConjugateGradient.Turn(r, next / rr, p);
            rr = next;
        }
    }

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
            TensorPrimitives.MultiplyAdd(
                partial.AsSpan(piece * size, size), _options.UnobservedWeight, _gram.Span, _gram.Span);
        }

        void SumPiece(int piece)
        {
            int start = piece * RowsPerGramPiece;
            int depth = Math.Min(RowsPerGramPiece, _rows - start);
            ReadOnlySpan<float> rows = _factors.Span.Slice(start * _width, depth * _width);
            OuterProducts.Add(rows, rows, depth, _width, upper: false, partial.AsSpan(piece * size, size));
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
