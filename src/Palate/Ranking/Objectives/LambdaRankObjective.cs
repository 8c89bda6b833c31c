using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Pairs of a group, each weighed by the NDCG that swapping them would change.</summary>
/// <remarks>
/// Burges 2010, "From RankNet to LambdaRank to LambdaMART", with the truncation and the two normalisations of LightGBM:
/// a pair's weight is divided by 0.01 + |s_i - s_j|, and a group's gradients are scaled by log2(1 + sum) / sum.
/// </remarks>
internal sealed class LambdaRankObjective : BoostingObjective
{
    private const int Piece = 32;
    private readonly RankingDataset _data;
    private readonly LambdaRankOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly float[] _gains;
    private readonly float[] _discounts;
    private readonly float[] _inverseIdeals;
    private readonly bool _vectorised;

    public LambdaRankObjective(
        RankingDataset data, LambdaRankOptions options, ParallelOptions parallel, bool vectorised = true)
    {
        _data = data;
        _options = options;
        _parallel = parallel;
        _vectorised = vectorised;
        if (options.Gain == LabelGain.Exponential && data.Labels.Max() > 30)
        {
            throw new ArgumentException(
                $"The largest label is {data.Labels.Max()}; exponential gains take labels up to 30, so use grades, "
                + "or LabelGain.Label.",
                nameof(data));
        }

        _gains = [.. data.Labels.Select(label => GroupNdcg.GainOf(label, options.Gain))];
        _inverseIdeals = new float[data.Groups];
        int longest = 0;
        for (int group = 0; group < data.Groups; group++)
        {
            int start = data.Offsets[group];
            int count = data.Offsets[group + 1] - start;
            longest = Math.Max(longest, count);
            double ideal = GroupNdcg.Ideal(_gains.AsSpan(start, count), options.TruncationLevel);
            _inverseIdeals[group] = ideal > 0 ? (float)(1 / ideal) : 0;
        }

        _discounts = new float[longest + Vector256<float>.Count];
        for (int place = 0; place < longest; place++)
        {
            _discounts[place] = GroupNdcg.Discount(place);
        }
    }

    public override float Bias => 0;

    public override void Write(float[] scores, float[] pairs) =>
        Parallel.For(0, (_data.Groups + Piece - 1) / Piece, _parallel, piece =>
        {
            var scratch = new Scratch(_discounts.Length);
            for (int group = piece * Piece; group < Math.Min((piece + 1) * Piece, _data.Groups); group++)
            {
                Write(group, scores, pairs, scratch);
            }
        });

    private void Write(int group, float[] scores, float[] pairs, Scratch scratch)
    {
        int start = _data.Offsets[group];
        int count = _data.Offsets[group + 1] - start;
        pairs.AsSpan(2 * start, 2 * count).Clear();
        if (_inverseIdeals[group] == 0 || count < 2)
        {
            return;
        }

        scratch.Clear(count);
        RankOrder.Sort(scores.AsSpan(start, count), scratch.Keys);
        float least = float.PositiveInfinity;
        for (int place = 0; place < count; place++)
        {
            int row = RankOrder.Row(scratch.Keys[place]);
            scratch.Scores[place] = scores[start + row];
            scratch.Gains[place] = _gains[start + row];
            least = Math.Min(least, _gains[start + row]);
        }

        // Rows of the least gain have no pairs below the last row of more.
        int lastOfMore = count;
        while (lastOfMore > 0 && scratch.Gains[lastOfMore - 1] == least)
        {
            lastOfMore--;
        }

        bool damp = _options.Normalise && scratch.Scores[0] != scratch.Scores[count - 1];
        double sum = 0;
        for (int i = 0; i < Math.Min(_options.TruncationLevel, count); i++)
        {
            int end = scratch.Gains[i] == least ? lastOfMore : count;
            sum += _vectorised
                ? AddPairs(i, end, _inverseIdeals[group], damp, scratch)
                : AddPairsOneByOne(i, end, _inverseIdeals[group], damp, scratch);
        }

        float scale = _options.Normalise && sum > 0 ? (float)(Math.Log2(1 + sum) / sum) : 1;
        for (int place = 0; place < count; place++)
        {
            int row = start + RankOrder.Row(scratch.Keys[place]);
            float weight = _data.Weights is null ? scale : scale * _data.Weights[row];
            pairs[2 * row] = weight * scratch.Lambdas[place];
            pairs[2 * row + 1] = weight * scratch.Hessians[place];
        }
    }

    // Pairs of place i with the places i + 1 .. end. For the better of the two (Burges 2010, section 4):
    //   lambda = -sigma |delta NDCG| / (1 + exp(sigma (s_better - s_worse))), and its derivative.
    private float AddPairs(int i, int end, float inverseIdeal, bool damp, Scratch scratch)
    {
        int width = Vector256<float>.Count;
        var sigma = Vector256.Create(_options.Sigmoid);
        var one = Vector256<float>.One;
        var score = Vector256.Create(scratch.Scores[i]);
        var gain = Vector256.Create(scratch.Gains[i]);
        var discount = Vector256.Create(_discounts[i]);
        var lambdaOfI = Vector256<float>.Zero;
        var hessianOfI = Vector256<float>.Zero;
        var sum = Vector256<float>.Zero;
        for (int j = i + 1; j < end; j += width)
        {
            var difference = score - Vector256.LoadUnsafe(ref scratch.Scores[j]);
            var gap = gain - Vector256.LoadUnsafe(ref scratch.Gains[j]);
            var inside = Vector256.LessThan(
                Vector256<int>.Indices + Vector256.Create(j), Vector256.Create(end)).AsSingle();
            gap = Vector256.ConditionalSelect(inside, gap, Vector256<float>.Zero);
            if (gap == Vector256<float>.Zero)
            {
                continue;
            }

            var weight = Vector256.Abs(gap)
                * Vector256.Abs(discount - Vector256.LoadUnsafe(ref _discounts[j])) * Vector256.Create(inverseIdeal);
            if (damp)
            {
                weight /= Vector256.Create(0.01f) + Vector256.Abs(difference);
            }

            var sign = Vector256.CopySign(one, gap);
            var p = one / (one + Vector256.Exp(Vector256.Min(sigma * sign * difference, Vector256.Create(80f))));
            var lambda = sigma * p * weight;
            var hessian = sigma * sigma * p * (one - p) * weight;
            var signed = sign * lambda;
            lambdaOfI -= signed;
            hessianOfI += hessian;
            sum += lambda;
            (Vector256.LoadUnsafe(ref scratch.Lambdas[j]) + signed).StoreUnsafe(ref scratch.Lambdas[j]);
            (Vector256.LoadUnsafe(ref scratch.Hessians[j]) + hessian).StoreUnsafe(ref scratch.Hessians[j]);
        }

        scratch.Lambdas[i] += Vector256.Sum(lambdaOfI);
        scratch.Hessians[i] += Vector256.Sum(hessianOfI);
        return 2 * Vector256.Sum(sum);
    }

    private float AddPairsOneByOne(int i, int end, float inverseIdeal, bool damp, Scratch scratch)
    {
        float sigma = _options.Sigmoid;
        float sum = 0;
        for (int j = i + 1; j < end; j++)
        {
            float difference = scratch.Scores[i] - scratch.Scores[j];
            float gap = scratch.Gains[i] - scratch.Gains[j];
            if (gap == 0)
            {
                continue;
            }

            float weight = MathF.Abs(gap) * MathF.Abs(_discounts[i] - _discounts[j]) * inverseIdeal;
            if (damp)
            {
                weight /= 0.01f + MathF.Abs(difference);
            }

            float sign = MathF.CopySign(1, gap);
            float p = 1 / (1 + MathF.Exp(MathF.Min(sigma * sign * difference, 80f)));
            float lambda = sigma * p * weight;
            float hessian = sigma * sigma * p * (1 - p) * weight;
            scratch.Lambdas[i] -= sign * lambda;
            scratch.Hessians[i] += hessian;
            scratch.Lambdas[j] += sign * lambda;
            scratch.Hessians[j] += hessian;
            sum += 2 * lambda;
        }

        return sum;
    }

    // One group in rank order, padded so that a vector can be read at any place.
    private sealed class Scratch(int length)
    {
        public ulong[] Keys { get; } = new ulong[length];

        public float[] Scores { get; } = new float[length];

        public float[] Gains { get; } = new float[length];

        public float[] Lambdas { get; } = new float[length];

        public float[] Hessians { get; } = new float[length];

        public void Clear(int count)
        {
            Lambdas.AsSpan(0, count).Clear();
            Hessians.AsSpan(0, count).Clear();
        }
    }
}
