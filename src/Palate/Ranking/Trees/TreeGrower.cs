using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Palate;

/// <summary>Grows trees on binned rows: keeps each node's rows together, and builds their histograms.</summary>
/// <remarks>
/// Every feature's histogram is built by one thread over rows in one order, and splits are compared in feature order,
/// so that the tree does not depend on the number of threads. Not thread-safe.
/// </remarks>
internal abstract unsafe class TreeGrower
{
    // Below this many cells the work is done before a second thread has woken up.
    private const int WorthSharing = 1 << 15;

    private readonly int[] _rows;
    private readonly float[] _pairs;
    private readonly int[] _spareRows;
    private readonly float[] _sparePairs;
    private readonly AlignedFloats[] _pieces;
    private readonly Stack<AlignedFloats> _free = new();
    private readonly int _floats;
    private readonly int[] _starts;

    protected TreeGrower(BinnedRows data, TreeOptions options, ParallelOptions parallel)
    {
        Data = data;
        Options = options;
        Parallelism = parallel;
        _rows = GC.AllocateArray<int>(data.Rows, pinned: true);
        _pairs = GC.AllocateArray<float>(2 * data.Rows, pinned: true);
        _spareRows = GC.AllocateArray<int>(data.Rows, pinned: true);
        _sparePairs = GC.AllocateArray<float>(2 * data.Rows, pinned: true);
        Rows = Pointer(_rows);
        Pairs = Pointer(_pairs);
        _starts = new int[data.Bins.Features + 1];
        for (int feature = 0; feature < data.Bins.Features; feature++)
        {
            _starts[feature + 1] = _starts[feature] + data.Bins.Count(feature) * GradientHistogram.Lanes;
        }

        _floats = _starts[^1];
        _pieces = new AlignedFloats[data.Blocks];
        for (int block = 0; block < data.Blocks; block++)
        {
            _pieces[block] = new AlignedFloats(BlockEnd(block) - BlockStart(block));
        }

        L2 = Math.Max(options.L2, 1e-9);
    }

    protected BinnedRows Data { get; }

    protected TreeOptions Options { get; }

    protected ParallelOptions Parallelism { get; }

    protected double L2 { get; }

    /// <summary>How many rows the tree sees.</summary>
    protected int Count { get; private set; }

    /// <summary>The rows that the tree sees, those of a node side by side, ascending within the node.</summary>
    protected int* Rows { get; }

    /// <summary>Gradient and second derivative of each of <see cref="Rows"/>.</summary>
    protected float* Pairs { get; }

    /// <summary>Which features this tree may ask.</summary>
    protected bool[] Allowed { get; private set; } = [];

    /// <summary>
    /// Grows a tree and adds its values to the scores of the rows that it saw; null when nothing is gained by a split.
    /// </summary>
    /// <param name="gradients">Gradient and second derivative per row of the data.</param>
    /// <param name="sample">Which rows the tree sees, ascending; null for all.</param>
    /// <param name="allowed">Which features the tree may ask.</param>
    /// <param name="learningRate">What leaf values are multiplied by.</param>
    /// <param name="scores">The scores so far, per row of the data.</param>
    /// <param name="gains">Adds up each feature's gain.</param>
    /// <param name="splits">Adds up each feature's splits.</param>
    public RegressionTree? Grow(
        float[] gradients,
        int[]? sample,
        bool[] allowed,
        float learningRate,
        float[] scores,
        double[] gains,
        int[] splits)
    {
        Allowed = allowed;
        Take(gradients, sample);
        return Grow(learningRate, scores, gains, splits);
    }

    protected abstract RegressionTree? Grow(float learningRate, float[] scores, double[] gains, int[] splits);

    protected int BlockStart(int block) => _starts[block * BinnedRows.BlockWidth];

    protected int BlockEnd(int block) => _starts[block * BinnedRows.BlockWidth + Data.Width(block)];

    protected int FeatureStart(int feature) => _starts[feature];

    protected AlignedFloats RentHistogram() => _free.TryPop(out AlignedFloats? histogram) ? histogram : new(_floats);

    protected void Return(AlignedFloats histogram) => _free.Push(histogram);

    /// <summary>Runs an action per block of features, on several threads when the rows are worth it.</summary>
    protected void ForEachBlock(int rows, Action<int> action)
    {
        if (Data.Blocks == 1 || (long)rows * Data.Bins.Features < WorthSharing)
        {
            for (int block = 0; block < Data.Blocks; block++)
            {
                action(block);
            }
        }
        else
        {
            Parallel.For(0, Data.Blocks, Parallelism, action);
        }
    }

    /// <summary>Fills one block of a node's histogram.</summary>
    protected void Build(AlignedFloats histogram, int block, int start, int count)
    {
        int first = BlockStart(block);
        int floats = BlockEnd(block) - first;
        float* target = histogram.Pointer + first;
        new Span<float>(target, floats).Clear();
        int width = Data.Width(block);
        float** starts = stackalloc float*[BinnedRows.BlockWidth];
        float* piece = _pieces[block].Pointer;
        bool whole = count <= GradientHistogram.Piece;
        for (int lane = 0; lane < width; lane++)
        {
            int feature = block * BinnedRows.BlockWidth + lane;
            starts[lane] = (whole ? target : piece) + (_starts[feature] - first);
        }

        ulong* cells = Data.Block(block);
        for (int done = 0; done < count; done += GradientHistogram.Piece)
        {
            int some = Math.Min(GradientHistogram.Piece, count - done);
            if (!whole)
            {
                new Span<float>(piece, floats).Clear();
            }

            GradientHistogram.Add(cells, Rows + start + done, Pairs + 2 * (start + done), some, starts, width);
            if (!whole)
            {
                GradientHistogram.AddTo(target, piece, floats);
            }
        }
    }

    /// <summary>Takes one block of the child's histogram from the parent's, which leaves the sibling's.</summary>
    protected void Subtract(AlignedFloats parent, AlignedFloats child, int block)
    {
        int first = BlockStart(block);
        GradientHistogram.Subtract(parent.Pointer + first, child.Pointer + first, BlockEnd(block) - first);
    }

    /// <summary>Moves the rows that go left to the front of the node, keeping the order, and returns their
    /// number.</summary>
    /// <param name="start">The node's first row.</param>
    /// <param name="count">How many rows it has.</param>
    /// <param name="split">Where it splits.</param>
    /// <param name="share">Whether several threads may work on it.</param>
    protected int Partition(int start, int count, TreeSplit split, bool share)
    {
        int pieces = share ? Math.Clamp(count / WorthSharing, 1, Math.Max(Parallelism.MaxDegreeOfParallelism, 1)) : 1;
        if (pieces == 1)
        {
            int left = Separate(start, start + count, split);
            MoveBack(start, start + left, count - left);
            return left;
        }

        int[] bounds = new int[pieces + 1];
        int[] lefts = new int[pieces];
        for (int piece = 0; piece <= pieces; piece++)
        {
            bounds[piece] = start + (int)((long)count * piece / pieces);
        }

        Parallel.For(0, pieces, Parallelism, piece =>
            lefts[piece] = Separate(bounds[piece], bounds[piece + 1], split));
        int next = start + lefts[0];
        for (int piece = 1; piece < pieces; piece++)
        {
            Copy(Rows, Pairs, bounds[piece], next, lefts[piece]);
            next += lefts[piece];
        }

        int allLeft = next - start;
        for (int piece = 0; piece < pieces; piece++)
        {
            int rights = bounds[piece + 1] - bounds[piece] - lefts[piece];
            MoveBack(bounds[piece], next, rights);
            next += rights;
        }

        return allLeft;
    }

    /// <summary>The sums over a range of rows, in double precision.</summary>
    protected GradientSums Sum(int start, int count)
    {
        double gradient = 0;
        double hessian = 0;
        float* pair = Pairs + 2 * (nint)start;
        for (int place = 0; place < count; place++, pair += 2)
        {
            gradient += pair[0];
            hessian += pair[1];
        }

        return new GradientSums(gradient, hessian, count);
    }

    /// <summary>Smaller gains are rounding errors.</summary>
    protected const double MinGain = 1e-9;

    // score(G, H) = G^2 / (H + lambda): twice what the best leaf value takes off the loss (Chen & Guestrin 2016, eq.
    // 6).
    protected double ScoreOf(GradientSums sums) => sums.Gradient * sums.Gradient / (sums.Hessian + L2);

    /// <summary>The best leaf value, -G / (H + lambda), shortened by the learning rate.</summary>
    protected float ValueOf(GradientSums sums, float learningRate) =>
        (float)(-sums.Gradient / (Math.Max(sums.Hessian, 0) + L2) * learningRate);

    /// <summary>Adds a leaf's value to the scores of its rows.</summary>
    protected void AddToScores(int start, int count, float value, float[] scores)
    {
        for (int place = start; place < start + count; place++)
        {
            scores[Rows[place]] += value;
        }
    }

    private void Take(float[] gradients, int[]? sample)
    {
        if (sample is null)
        {
            Count = Data.Rows;
            gradients.AsSpan().CopyTo(_pairs);
            for (int row = 0; row < _rows.Length; row++)
            {
                _rows[row] = row;
            }

            return;
        }

        Count = sample.Length;
        for (int place = 0; place < sample.Length; place++)
        {
            int row = sample[place];
            _rows[place] = row;
            _pairs[2 * place] = gradients[2 * row];
            _pairs[2 * place + 1] = gradients[2 * row + 1];
        }
    }

    // Writes the rows that go left to the front of the range and the others to the spare arrays; returns how many go
    // left.
    private int Separate(int from, int to, TreeSplit split)
    {
        byte* bins = (byte*)Data.Block(split.Feature / BinnedRows.BlockWidth)
            + split.Feature % BinnedRows.BlockWidth;

        // Bin 0, the unknown, wraps round to the largest byte when it is to go right.
        int shift = split.MissingRight ? 1 : 0;
        int limit = split.Bin - shift;
        int* rows = Rows;
        long* pairs = (long*)Pairs;
        int* spareRows = Pointer(_spareRows);
        long* sparePairs = (long*)Pointer(_sparePairs);
        int left = from;
        int right = from;
        for (int place = from; place < to; place++)
        {
            int row = rows[place];
            long pair = pairs[place];
            int goesRight = (byte)(bins[(nint)row * BinnedRows.BlockWidth] - shift) > limit ? 1 : 0;
            rows[left] = row;
            pairs[left] = pair;
            spareRows[right] = row;
            sparePairs[right] = pair;
            left += 1 - goesRight;
            right += goesRight;
        }

        return left - from;
    }

    private void MoveBack(int from, int to, int count)
    {
        _spareRows.AsSpan(from, count).CopyTo(_rows.AsSpan(to));
        _sparePairs.AsSpan(2 * from, 2 * count).CopyTo(_pairs.AsSpan(2 * to));
    }

    private static void Copy(int* rows, float* pairs, int from, int to, int count)
    {
        new Span<int>(rows + from, count).CopyTo(new Span<int>(rows + to, count));
        new Span<float>(pairs + 2 * from, 2 * count).CopyTo(new Span<float>(pairs + 2 * to, 2 * count));
    }

    private static T* Pointer<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
