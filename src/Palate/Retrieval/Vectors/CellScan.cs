using System.Numerics.Tensors;

namespace Palate;

/// <summary>A scan over rows sorted into cells, which skips the cells that cannot hold a best row.</summary>
/// <remarks>
/// <para>
/// A cell is a cluster of <see cref="KMeans"/>. With the unit vector u towards its centre, each of its rows is
/// x = a u + p with p at right angles to u; so q.x lies below max(a (q.u)) + |q - (q.u) u| max |p|. The cells are
/// visited by falling bound, and as soon as a bound is below the k-th greatest lower bound of a score, all the rest are
/// skipped. The result stays exact; how much is skipped depends on how well the rows cluster: nearly everything for
/// tight clusters, nothing for rows without structure, where it costs what the full scan costs.
/// </para>
/// <para>
/// A limit of cells makes it approximate (an inverted file, Sivic and Zisserman 2003): then the cells with the greatest
/// q.c of their centre c are visited.
/// </para>
/// </remarks>
internal sealed class CellScan
{
    private readonly QuantizedScan _scan;
    private readonly ItemVectors _vectors;

    // Cell c holds the steps _steps[c] .. _steps[c + 1] of the scan.
    private readonly int[] _steps;
    private readonly float[] _centres;
    private readonly float[] _directions;
    private readonly float[] _least;
    private readonly float[] _greatest;
    private readonly float[] _across;

    public CellScan(ItemVectors vectors, KMeans cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Dimensions, vectors.Dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Clusters.Length, vectors.Count);
        _vectors = vectors;
        int width = vectors.Dimensions;
        int count = cells.Count;
        int[] sizes = new int[count];
        foreach (int cell in cells.Clusters)
        {
            sizes[cell]++;
        }

        _steps = new int[count + 1];
        int[] next = new int[count];
        for (int cell = 0; cell < count; cell++)
        {
            next[cell] = _steps[cell] * QuantizedScan.Step;
            _steps[cell + 1] = _steps[cell] + (sizes[cell] + QuantizedScan.Step - 1) / QuantizedScan.Step;
        }

        int[] order = new int[_steps[count] * QuantizedScan.Step];
        order.AsSpan().Fill(-1);
        for (int item = 0; item < vectors.Count; item++)
        {
            order[next[cells.Clusters[item]]++] = item;
        }

        _scan = new QuantizedScan(vectors, order);
        _centres = cells.Centres;
        _directions = [.. cells.Centres];
        _least = new float[count];
        _greatest = new float[count];
        _across = new float[count];
        Parallel.For(0, count, cell =>
        {
            Span<float> direction = _directions.AsSpan(cell * width, width);
            ItemVectors.Normalise(direction);
            _least[cell] = float.PositiveInfinity;
            _greatest[cell] = float.NegativeInfinity;
            for (int place = _steps[cell] * QuantizedScan.Step; place < _steps[cell + 1] * QuantizedScan.Step; place++)
            {
                if (order[place] >= 0)
                {
                    (float along, float across) = Split(vectors[order[place]], direction);
                    _least[cell] = Math.Min(_least[cell], along);
                    _greatest[cell] = Math.Max(_greatest[cell], along);
                    _across[cell] = Math.Max(_across[cell], across);
                }
            }
        });
    }

    /// <summary>Writes the allowed items of the greatest inner products, best first; returns how many.</summary>
    /// <param name="query">Finite, as long as a row.</param>
    /// <param name="filter">Which items count.</param>
    /// <param name="destination">Receives at most its own length.</param>
    /// <param name="maxCells">Consider no more cells than this; the default considers all and is exact.</param>
    public int Select(
        float[] query, ItemFilter filter, Span<ScoredItem> destination, int maxCells = int.MaxValue) =>
        Select(query, filter, destination, maxCells, out _);

    /// <summary>The same, and how many rows were looked at.</summary>
    public int Select(
        float[] query, ItemFilter filter, Span<ScoredItem> destination, int maxCells, out int visited)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, _vectors.Dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Count, _vectors.Count);
        VectorScan.RejectNotFinite(query);
        visited = 0;
        if (destination.IsEmpty || _vectors.Count == 0)
        {
            return 0;
        }

        float[] bounds = CellBounds(query);
        float[] keys = [.. bounds];
        if (maxCells < bounds.Length)
        {
            VectorScan.Scores(query, _centres, keys);
        }

        int[] cells = [.. Enumerable.Range(0, bounds.Length)];
        TensorPrimitives.Negate<float>(keys, keys);
        keys.AsSpan().Sort(cells.AsSpan());

        QuantizedScan.Query encoded = _scan.EncodeQuery(query);
        var best = new ScoreBounds(Math.Min(destination.Length, _vectors.Count), isAscending: false);
        foreach (int cell in cells.AsSpan(0, Math.Min(cells.Length, maxCells)))
        {
            if (bounds[cell] >= best.Threshold)
            {
                _scan.Scan(encoded, filter, _steps[cell], _steps[cell + 1], best);
                best.Cut();
                visited += (_steps[cell + 1] - _steps[cell]) * QuantizedScan.Step;
            }
        }

        return _scan.Rank(query, [best], destination, out _);
    }

    // An upper bound of the scores in each cell; the factor covers the rounding of single precision.
    private float[] CellBounds(float[] query)
    {
        float[] bounds = new float[_steps.Length - 1];
        VectorScan.Scores(query, _directions, bounds);
        double square = TensorPrimitives.SumOfSquares<float>(query);
        double rounding = Math.Sqrt(square) * (query.Length + 16) * 2.4e-7;
        for (int cell = 0; cell < bounds.Length; cell++)
        {
            double along = bounds[cell];
            double across = Math.Sqrt(Math.Max(0, square - along * along) + square * 1e-5);
            double reach = Math.Max(Math.Abs(_least[cell]), Math.Abs(_greatest[cell])) + _across[cell];
            double bound = Math.Max(along * _least[cell], along * _greatest[cell])
                + across * _across[cell]
                + rounding * reach;
            bounds[cell] = _steps[cell] == _steps[cell + 1] ? float.NegativeInfinity : (float)bound;
        }

        return bounds;
    }

    // The length of a row along a direction and at right angles to it.
    private static (float Along, float Across) Split(ReadOnlySpan<float> row, ReadOnlySpan<float> direction)
    {
        double along = 0;
        for (int d = 0; d < row.Length; d++)
        {
            along += (double)row[d] * direction[d];
        }

        double across = 0;
        for (int d = 0; d < row.Length; d++)
        {
            double rest = row[d] - along * direction[d];
            across += rest * rest;
        }

        return ((float)along, (float)(Math.Sqrt(across) * (1 + 1e-6)));
    }
}
