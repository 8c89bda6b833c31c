using System.Buffers;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>How one attribute of a candidate fits the same attribute of the user's history.</summary>
/// <remarks>An attribute whose values are all numbers is compared as a number, any other by its values.</remarks>
internal sealed class AttributeFeatures : IFeatureFamily
{
    private readonly AttributeColumn _column;
    private readonly float[]? _numbers;
    private readonly uint[]? _sets;
    private readonly float[] _shares;

    public AttributeFeatures(AttributeColumn column, InteractionMatrix matrix)
    {
        _column = column;
        _numbers = column.Numbers;
        _sets = CodeSets.Of(column);
        _shares = new float[_sets is null ? column.Values.Count : CodeSets.MaxCodes];
        foreach (int item in matrix.Indices)
        {
            foreach (int code in column[item])
            {
                _shares[code] += 1f / Math.Max(1, matrix.Count);
            }
        }

        string name = column.Name;
        Definitions = _numbers is null
            ?
            [
                new($"{name}.affinity", "share", $"How much more often the candidate's {name} occurs in the history " +
                    "than in all interactions; the mean over its values."),
                new($"{name}.liking", "value", $"How much better than their mean the user valued the candidate's " +
                    $"{name}; the mean over its values, drawn to 0."),
            ]
            :
            [
                new($"{name}.number", name, $"The candidate's {name}."),
                new($"{name}.distance", name, $"The candidate's {name} less the mean {name} of the history."),
            ];
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; }

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        if (_numbers is not null)
        {
            FillNumbers(context.Profile, candidates, matrix[first], matrix[first + 1]);
        }
        else
        {
            FillValues(context.Profile, candidates, matrix[first], matrix[first + 1]);
        }
    }

    private void FillNumbers(Profile profile, CandidateSet candidates, Span<float> numbers, Span<float> distances)
    {
        float sum = 0;
        int known = 0;
        foreach (int item in profile.Items)
        {
            if (!float.IsNaN(_numbers![item]))
            {
                sum += _numbers[item];
                known++;
            }
        }

        float mean = known > 0 ? sum / known : float.NaN;
        for (int candidate = 0; candidate < candidates.Count; candidate++)
        {
            numbers[candidate] = _numbers![candidates.Items[candidate]];
            distances[candidate] = numbers[candidate] - mean;
        }
    }

    private void FillValues(Profile profile, CandidateSet candidates, Span<float> affinities, Span<float> likings)
    {
        // Per value: how often it occurs in the history, and the sum of (value - the user's mean).
        const float PriorCount = 3;
        int codes = _shares.Length;
        Span<float> scratch = codes <= 512 ? stackalloc float[2 * codes] : new float[2 * codes];
        Span<float> counts = scratch[..codes];
        Span<float> sums = scratch[codes..];
        float[] rented = ArrayPool<float>.Shared.Rent(profile.Values.Length);
        Span<float> deviations = rented.AsSpan(0, profile.Values.Length);
        float mean = deviations.IsEmpty ? 0 : TensorPrimitives.Sum(profile.Values) / deviations.Length;
        TensorPrimitives.Subtract(profile.Values, mean, deviations);
        Count(profile.Items, deviations, counts, sums);
        ArrayPool<float>.Shared.Return(rented);

        float perItem = profile.Items.IsEmpty ? 0 : 1f / profile.Items.Length;
        for (int code = 0; code < codes; code++)
        {
            sums[code] /= counts[code] + PriorCount;
            counts[code] = counts[code] * perItem - _shares[code];
        }

        Average(candidates.Items, counts, sums, affinities, likings);
    }

    private void Count(ReadOnlySpan<int> items, ReadOnlySpan<float> deviations, Span<float> counts, Span<float> sums)
    {
        if (_sets is not null)
        {
            CodeSets.Add(_sets, items, deviations, counts, sums);
            return;
        }

        counts.Clear();
        sums.Clear();
        for (int place = 0; place < items.Length; place++)
        {
            foreach (int code in _column[items[place]])
            {
                counts[code]++;
                sums[code] += deviations[place];
            }
        }
    }

    private void Average(
        ReadOnlySpan<int> items,
        ReadOnlySpan<float> counts,
        ReadOnlySpan<float> sums,
        Span<float> affinities,
        Span<float> likings)
    {
        if (_sets is not null)
        {
            CodeSets.Means(_sets, items, counts, sums, affinities, likings);
            return;
        }

        for (int candidate = 0; candidate < items.Length; candidate++)
        {
            ReadOnlySpan<int> own = _column[items[candidate]];
            float affinity = 0;
            float liking = 0;
            foreach (int code in own)
            {
                affinity += counts[code];
                liking += sums[code];
            }

            affinities[candidate] = affinity / own.Length;
            likings[candidate] = liking / own.Length;
        }
    }
}
