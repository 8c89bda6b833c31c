using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Trees compiled for scoring many candidates at once, on bytes.</summary>
/// <remarks>
/// A feature's value matters only by how many of the model's thresholds for that feature it exceeds: one byte. These
/// bytes are found once per request; then each question of each tree is one comparison of 64 (or 32) bytes. An unknown
/// value is 0 in the column of the questions that send it left, and 255 in the column of those that send it right.
/// The answers, one bit per level, are the leaf's number (see Lucchese et al. 2017 on QuickScorer and Dorogush et al. 2018
/// on CatBoost's applier). Leaf values are then looked up by number, and added in the order of the trees: the same bits as
/// the scalar twin gives.
/// </remarks>
internal sealed unsafe partial class ByteTrees
{
    private const int Block = 64;
    private const int MaxStack = 1 << 15;

    private readonly float _bias;
    private readonly Column[] _columns;
    private readonly int _columnCount;
    private readonly Step[] _steps;
    private readonly int[] _ends;
    private readonly int _tableSize;
    private readonly AlignedFloats _tables;

    private ByteTrees(float bias, RegressionTree[] trees, Column[] columns, int columnCount)
    {
        _bias = bias;
        _columns = columns;
        _columnCount = columnCount;
        int leaves = trees.Max(tree => tree.Leaves.Length);
        _tableSize = 16;
        while (_tableSize < leaves)
        {
            _tableSize *= 2;
        }

        _tables = new AlignedFloats(_tableSize * trees.Length);
        var steps = new List<Step>();
        _ends = new int[trees.Length];
        for (int tree = 0; tree < trees.Length; tree++)
        {
            trees[tree].Leaves.CopyTo(_tables.Span[(tree * _tableSize)..]);
            Compile(trees[tree], steps);
            _ends[tree] = steps.Count;
        }

        _steps = [.. steps];
    }

    /// <summary>The fastest kernel of this processor.</summary>
    public static TreeKernel Best { get; } =
        IsSupported(TreeKernel.Avx512) ? TreeKernel.Avx512
        : IsSupported(TreeKernel.Avx2) ? TreeKernel.Avx2
        : TreeKernel.Scalar;

    public static bool IsSupported(TreeKernel kernel) => kernel switch
    {
        TreeKernel.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported,
        TreeKernel.Avx2 => Avx2.IsSupported,
        _ => true,
    };

    /// <summary>The compiled trees, or null when they ask more than 254 questions about one feature.</summary>
    public static ByteTrees? TryCompile(float bias, RegressionTree[] trees)
    {
        if (trees.Length == 0)
        {
            return null;
        }

        var columns = new List<Column>();
        int count = 0;
        foreach (var questions in trees
            .SelectMany(tree => Enumerable.Range(0, tree.Nodes).Select(node =>
                (Feature: tree.Features[node], Threshold: tree.Thresholds[node], Right: tree.MissingRight[node])))
            .GroupBy(question => question.Feature)
            .OrderBy(group => group.Key))
        {
            float[] thresholds = [.. questions.Select(question => question.Threshold).Distinct().Order()];
            if (thresholds.Length > ThresholdSearch.MaxCount)
            {
                return null;
            }

            int left = questions.Any(question => !question.Right) ? count++ : -1;
            int right = questions.Any(question => question.Right) ? count++ : -1;
            columns.Add(new Column(questions.Key, thresholds, new ThresholdSearch(thresholds), left, right));
        }

        return new ByteTrees(bias, trees, [.. columns], count);
    }

    /// <summary>Writes the scores of all candidates.</summary>
    [SkipLocalsInit]
    public void Score(FeatureMatrix features, Span<float> scores, TreeKernel kernel)
    {
        int width = kernel == TreeKernel.Avx512 ? Block : Block / 2;
        int bytes = _columnCount * width + Block;
        byte* scratch = stackalloc byte[bytes <= MaxStack ? bytes : 1];
        byte[]? heap = null;
        if (bytes > MaxStack)
        {
            heap = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
            scratch = (byte*)Unsafe.AsPointer(ref heap[0]);
        }

        byte* cells = (byte*)(((nuint)scratch + Block - 1) & ~(nuint)(Block - 1));
        float* block = stackalloc float[Block];
        fixed (Step* steps = _steps)
        {
            for (int first = 0; first < scores.Length; first += width)
            {
                int count = Math.Min(width, scores.Length - first);
                Quantise(features, first, count, cells, width);
                if (kernel == TreeKernel.Avx512)
                {
                    Score512(cells, steps, block);
                }
                else
                {
                    Score256(cells, steps, block);
                }

                new ReadOnlySpan<float>(block, count).CopyTo(scores[first..]);
            }
        }

        GC.KeepAlive(heap);
        GC.KeepAlive(_tables);
    }

    // Steps address columns by number; the kernels multiply by their width.
    private void Compile(RegressionTree tree, List<Step> steps)
    {
        for (int level = 0; level < tree.Levels; level++)
        {
            (int column, int threshold) = Question(tree, (1 << level) - 1);
            steps.Add(new Step(column, Everywhere(threshold)));
        }
    }

    // A number of 32 bits spreads over a vector while it is loaded, a byte takes an instruction more.
    private static int Everywhere(int threshold) => threshold * 0x01010101;

    private (int Column, int Threshold) Question(RegressionTree tree, int node)
    {
        Column column = Array.Find(_columns, column => column.Feature == tree.Features[node])!;
        int place = Array.BinarySearch(column.Thresholds, tree.Thresholds[node]);
        return (tree.MissingRight[node] ? column.Right : column.Left, place + 1);
    }

    private void Quantise(FeatureMatrix features, int first, int count, byte* cells, int width)
    {
        foreach (Column column in _columns)
        {
            // To the end of the padding, so that no vector is cut.
            ReadOnlySpan<float> values = features.Data.AsSpan(
                column.Feature * features.Stride + first, Math.Min(width, features.Stride - first));
            byte* target = cells + (column.Left >= 0 ? column.Left : column.Right) * width;
            column.Search.Count(values, target, 1);
            if (column.Right >= 0)
            {
                byte* right = cells + column.Right * width;
                bool unknown = TensorPrimitives.IsNaNAny(values);
                if (right != target)
                {
                    new Span<byte>(target, width).CopyTo(new Span<byte>(right, width));
                }

                for (int candidate = 0; unknown && candidate < count; candidate++)
                {
                    if (float.IsNaN(values[candidate]))
                    {
                        right[candidate] = byte.MaxValue;
                    }
                }
            }
        }
    }

    // A feature that is asked about, and the numbers of its byte columns: where unknown is 0 and where it is 255 (-1:
    // none).
    private sealed record Column(int Feature, float[] Thresholds, ThresholdSearch Search, int Left, int Right);

    // One question: is the byte in the column at least the threshold, which is each byte of the number?
    private readonly record struct Step(int Column, int Threshold);
}
