namespace Palate;

/// <summary>How one attribute of a candidate fits the same attribute of the user's history.</summary>
/// <remarks>An attribute whose values are all numbers is compared as a number, any other by its values.</remarks>
internal sealed class AttributeFeatures : IFeatureFamily
{
    private readonly AttributeColumn _column;
    private readonly float[]? _numbers;
    private readonly float[] _shares;

    public AttributeFeatures(AttributeColumn column, InteractionMatrix matrix)
    {
        _column = column;
        _numbers = column.Numbers;
        _shares = new float[column.Values.Count];
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
        scratch.Clear();
        float mean = 0;
        foreach (float value in profile.Values)
        {
            mean += value / profile.Values.Length;
        }

        for (int place = 0; place < profile.Items.Length; place++)
        {
            foreach (int code in _column[profile.Items[place]])
            {
                counts[code]++;
                sums[code] += profile.Values[place] - mean;
            }
        }

        float perItem = profile.Items.IsEmpty ? 0 : 1f / profile.Items.Length;
        for (int code = 0; code < codes; code++)
        {
            sums[code] /= counts[code] + PriorCount;
            counts[code] = counts[code] * perItem - _shares[code];
        }

        for (int candidate = 0; candidate < candidates.Count; candidate++)
        {
            ReadOnlySpan<int> own = _column[candidates.Items[candidate]];
            float affinity = 0;
            float liking = 0;
            foreach (int code in own)
            {
                affinity += counts[code];
                liking += sums[code];
            }

            affinities[candidate] = own.IsEmpty ? float.NaN : affinity / own.Length;
            likings[candidate] = own.IsEmpty ? float.NaN : liking / own.Length;
        }
    }
}
