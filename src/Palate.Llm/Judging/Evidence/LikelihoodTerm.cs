namespace Palate.Llm;

/// <summary>What one judgment says of the utilities: its log likelihood, with first and second derivatives.</summary>
/// <remarks>
/// The unknowns are the utilities of the judged candidates, and behind them, last, the pull of the first place: how much
/// better a candidate looks, in utility, for being shown first (and worse for being shown last).
/// The negative Hessian of every term has few numbers in it: with the term's items in its own order it is a diagonal,
/// less <see cref="Left"/>[p] <see cref="Right"/>[q] for p before q, and a border for the pull of the place.
/// Immutable apart from scratch: used by one request at a time.
/// </remarks>
internal abstract class LikelihoodTerm
{
    private readonly int[] _items;
    private readonly double[] _room;

    /// <param name="items">The unknowns' numbers, each once, in the term's own order.</param>
    protected LikelihoodTerm(int[] items)
    {
        _items = items;
        _room = new double[5 * items.Length];
    }

    /// <summary>The unknowns' numbers, each once, in the term's own order.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>Whether the log likelihood is quadratic in the unknowns: then one Newton step is exact.</summary>
    public abstract bool IsQuadratic { get; }

    /// <summary>The gradient by item.</summary>
    public Span<double> Gradient => Room(0);

    /// <summary>The diagonal of the negative Hessian by item.</summary>
    public Span<double> Diagonal => Room(1);

    /// <summary>Beside the diagonal the negative Hessian is less this of the earlier item ...</summary>
    public Span<double> Left => Room(2);

    /// <summary>... times this of the later one.</summary>
    public Span<double> Right => Room(3);

    /// <summary>The negative Hessian's column of the pull of the first place.</summary>
    public Span<double> Border => Room(4);

    /// <summary>The gradient by the pull of the first place.</summary>
    public double BiasGradient { get; protected set; }

    /// <summary>The negative second derivative by the pull of the first place.</summary>
    public double BiasCurvature { get; protected set; }

    /// <summary>The log likelihood at <paramref name="x"/>.</summary>
    public abstract double Value(ReadOnlySpan<double> x, in JudgeModel model);

    /// <summary>Computes the derivatives; by item only where the model is of use.</summary>
    /// <remarks>It builds on what <see cref="Value"/> left behind, which has to have been the last call, at the same place
    /// and with the same model.</remarks>
    public abstract void Derive(ReadOnlySpan<double> x, in JudgeModel model);

    /// <summary>Adds the derivatives to the gradient, and to the upper triangle of the row-major negative Hessian.</summary>
    /// <param name="gradient">Is added to.</param>
    /// <param name="curvature">Is added to.</param>
    /// <param name="stride">The length of its rows.</param>
    /// <param name="places">The row of each unknown; the pull of the place has the last.</param>
    public void AddTo(Span<double> gradient, Span<double> curvature, int stride, ReadOnlySpan<int> places)
    {
        int bias = gradient.Length - 1;
        gradient[bias] += BiasGradient;
        curvature[(bias * stride) + bias] += BiasCurvature;
        ReadOnlySpan<int> items = _items;
        ReadOnlySpan<double> right = Right[..items.Length];
        for (int p = 0; p < items.Length; p++)
        {
            int row = places[items[p]];
            gradient[items[p]] += Gradient[p];
            curvature[(row * stride) + row] += Diagonal[p];
            curvature[(row * stride) + bias] += Border[p];
            double left = Left[p];
            for (int q = p + 1; q < items.Length; q++)
            {
                int column = places[items[q]];
                int at = row < column ? (row * stride) + column : (column * stride) + row;
                curvature[at] -= left * right[q];
            }
        }
    }

    private Span<double> Room(int number) => _room.AsSpan(number * _items.Length, _items.Length);
}
