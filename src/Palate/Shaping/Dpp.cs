using System.Globalization;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>A determinantal point process: the list whose items together span the largest volume.</summary>
/// <remarks>
/// Greedy maximum a posteriori inference of Chen, Zhang and Zhou, "Fast greedy MAP inference for determinantal point
/// process to improve recommendation diversity", NeurIPS 2018: maximises (1 - w) sum of rel + w log det S, S being the
/// similarity. That is their kernel L = Diag(q) S Diag(q) with q = exp(alpha rel), alpha = (1 - w) / (2 w), kept as a
/// sum of logarithms, which cannot overflow for small w. c_i and d_i are those of S: e_i = (S_ji - c_j . c_i) / d_j,
/// d_i^2 -= e_i^2. Stops when nothing left adds volume; what is missing follows by relevance. With k places and n
/// candidates it costs O(k^2 n), with a window of w items O(w k n).
/// </remarks>
public sealed class Dpp : Shaper
{
    // Similarities are single precision: below this a rest is rounding, not volume.
    private const double Epsilon = 1e-6;

    /// <summary>A process over all chosen items, or over a sliding window of them.</summary>
    /// <param name="window">
    /// How many of the latest choices an item must differ from, 1 or more; 0 for all. A window keeps a long list
    /// diverse where all of it cannot be: it never runs out of volume for long.
    /// </param>
    public Dpp(int window = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        Window = window;
    }

    /// <inheritdoc/>
    public override string Name => Window == 0 ? "dpp" : "dpp-window";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Similarity;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Similarity;

    /// <summary>How many of the latest choices count; 0 for all.</summary>
    public int Window { get; }

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is {list.Relevance[order[rank]]:0.00} relevant and adds something that what stands before it has not.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        int count = list.Count;
        int rows = Window == 0 ? head.Length : Math.Min(Window, head.Length);
        var chosen = new Chosen(list.Similarity, rows);
        double[] gains = new double[count];
        bool[] taken = new bool[count];
        for (int place = 0; place < head.Length; place++)
        {
            for (int other = 0; other < count; other++)
            {
                double rest = chosen.Rests[other];
                gains[other] = rest < Epsilon
                    ? double.NegativeInfinity
                    : (1 - weight) * list.Relevance[other] + weight * Math.Log(rest);
            }

            int best = Best(gains, taken);
            if (best < 0 || double.IsNegativeInfinity(gains[best]))
            {
                return place;
            }

            head[place] = best;
            taken[best] = true;
            if (place + 1 < head.Length)
            {
                chosen.Add(best);
            }
        }

        return head.Length;
    }

    /// <summary>
    /// The Cholesky factor of the chosen items' similarities, and every candidate's part outside their span.
    /// </summary>
    private sealed class Chosen
    {
        private readonly ListSimilarity _similarity;
        private readonly int _count;
        private readonly int _capacity;

        // Row t: c_i[t] for each candidate i, at t * count. The factor V is lower triangular: row * capacity + column.
        private readonly double[] _c;
        private readonly double[] _v;
        private readonly float[] _row;
        private readonly double[] _e;
        private int _rows;

        public Chosen(ListSimilarity similarity, int capacity)
        {
            _similarity = similarity;
            _count = similarity.Count;
            _capacity = capacity;
            _c = new double[capacity * _count];
            _v = new double[capacity * capacity];
            _row = new float[_count];
            _e = new double[_count];
            Rests = new double[_count];
            Rests.AsSpan().Fill(1);
        }

        /// <summary>d_i^2, the squared distance of each candidate from the span of the chosen.</summary>
        public double[] Rests { get; }

        public void Add(int j)
        {
            // The oldest leaves when it would fall out of the window of the next choice.
            if (_rows == _capacity)
            {
                RemoveOldest();
            }

            double d = Math.Sqrt(Rests[j]);
            _similarity.Row(j, _row);
            TensorPrimitives.ConvertTruncating<float, double>(_row, _e);
            for (int t = 0; t < _rows; t++)
            {
                double cj = _c[t * _count + j];
                _v[_rows * _capacity + t] = cj;
                TensorPrimitives.MultiplyAdd(_c.AsSpan(t * _count, _count), -cj, _e, _e);
            }

            _v[_rows * _capacity + _rows] = d;
            TensorPrimitives.Divide(_e, d, _e);
            _e.CopyTo(_c, _rows * _count);
            _rows++;
            for (int i = 0; i < _count; i++)
            {
                Rests[i] = Math.Max(0, Rests[i] - _e[i] * _e[i]);
            }

            Rests[j] = 0;
        }

        // Without its first row and column the factor is [V2, v] with V2 V2' + v v' to be factored: plane rotations
        // fold the column v into V2 and turn the rows of c with it (their section 4).
        private void RemoveOldest()
        {
            Span<double> c0 = _c.AsSpan(0, _count);
            Span<double> v = stackalloc double[_rows];
            for (int t = 1; t < _rows; t++)
            {
                v[t] = _v[t * _capacity];
            }

            for (int t = 1; t < _rows; t++)
            {
                double a = _v[t * _capacity + t];
                double r = Math.Sqrt(a * a + v[t] * v[t]);
                (double cos, double sin) = (a / r, v[t] / r);
                for (int u = t; u < _rows; u++)
                {
                    double old = _v[u * _capacity + t];
                    _v[u * _capacity + t] = cos * old + sin * v[u];
                    v[u] = cos * v[u] - sin * old;
                }

                Span<double> ct = _c.AsSpan(t * _count, _count);
                for (int i = 0; i < _count; i++)
                {
                    (ct[i], c0[i]) = (cos * ct[i] + sin * c0[i], cos * c0[i] - sin * ct[i]);
                }
            }

            for (int i = 0; i < _count; i++)
            {
                Rests[i] += c0[i] * c0[i];
            }

            for (int t = 1; t < _rows; t++)
            {
                _c.AsSpan(t * _count, _count).CopyTo(_c.AsSpan((t - 1) * _count));
                _v.AsSpan(t * _capacity + 1, _capacity - 1).CopyTo(_v.AsSpan((t - 1) * _capacity));
            }

            _rows--;
        }
    }
}
