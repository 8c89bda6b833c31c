namespace Palate;

/// <summary>What a ranker learns from: rows of features with a label each, in groups of one request or user.</summary>
/// <remarks>
/// Feature f of row r is at <c>Values[f * Rows + r]</c>; NaN means unknown. The rows of group g are
/// <c>Offsets[g] .. Offsets[g + 1]</c>. Immutable by convention: the arrays are given away by the caller and nobody
/// writes to them afterwards. Safe to read from any thread.
/// </remarks>
public sealed class RankingDataset
{
    /// <summary>The most rows of a data set: counts of rows are kept in single precision while trees grow.</summary>
    public const int MaxRows = 1 << 24;

    /// <summary>A data set over arrays that the caller gives away.</summary>
    /// <param name="featureNames">The features' names, unique, at least one.</param>
    /// <param name="values">Features x rows, column by column; NaN is unknown, infinite is an error.</param>
    /// <param name="labels">One gain per row, at least 0: 0 or 1, or graded.</param>
    /// <param name="offsets">Where each group starts, and the number of rows at the end; no group is empty.</param>
    /// <param name="weights">One weight per row, at least 0; null weighs all rows 1.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together, are empty, or hold a value that cannot be
    /// learned from; the message names the row.</exception>
    public RankingDataset(
        IReadOnlyList<string> featureNames, float[] values, float[] labels, int[] offsets, float[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(offsets);
        if (featureNames.Count == 0 || labels.Length == 0)
        {
            throw new ArgumentException(
                $"The data set has {labels.Length} rows and {featureNames.Count} features; give at least one of each.");
        }

        if (featureNames.Distinct(StringComparer.Ordinal).Count() != featureNames.Count)
        {
            throw new ArgumentException("Two features have the same name; names must be unique.", nameof(featureNames));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels.Length, MaxRows, nameof(labels));
        if (values.LongLength != (long)featureNames.Count * labels.Length)
        {
            throw new ArgumentException(
                $"There are {values.Length} values; {featureNames.Count} features of {labels.Length} rows need "
                + $"{(long)featureNames.Count * labels.Length}.",
                nameof(values));
        }

        FeatureNames = [.. featureNames];
        Values = values;
        Labels = labels;
        Offsets = offsets;
        Weights = weights;
        CheckGroups();
        CheckNumbers(labels, "label");
        if (weights is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, labels.Length, nameof(weights));
            CheckNumbers(weights, "weight");
        }

        CheckValues();
    }

    /// <summary>The features' names, in column order.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>How many features.</summary>
    public int Features => FeatureNames.Count;

    /// <summary>How many rows.</summary>
    public int Rows => Labels.Length;

    /// <summary>How many groups.</summary>
    public int Groups => Offsets.Length - 1;

    /// <summary>The features; see the class remarks for the layout.</summary>
    public float[] Values { get; }

    /// <summary>One gain per row, at least 0.</summary>
    public float[] Labels { get; }

    /// <summary>Where each group starts; <c>Groups + 1</c> long.</summary>
    public int[] Offsets { get; }

    /// <summary>One weight per row, or null when all weigh 1.</summary>
    public float[]? Weights { get; }

    /// <summary>One feature of all rows.</summary>
    public ReadOnlySpan<float> this[int feature] => Values.AsSpan(feature * Rows, Rows);

    private void CheckGroups()
    {
        if (Offsets.Length < 2 || Offsets[0] != 0 || Offsets[^1] != Rows)
        {
            throw new ArgumentException(
                $"The group offsets must start at 0 and end at the number of rows, {Rows}.", "offsets");
        }

        for (int group = 0; group < Groups; group++)
        {
            if (Offsets[group + 1] <= Offsets[group])
            {
                throw new ArgumentException(
                    $"Group {group} ends at row {Offsets[group + 1]} and starts at row {Offsets[group]}; "
                    + "leave empty groups out and keep the offsets ascending.",
                    "offsets");
            }
        }
    }

    private static void CheckNumbers(float[] numbers, string what)
    {
        for (int row = 0; row < numbers.Length; row++)
        {
            if (!float.IsFinite(numbers[row]) || numbers[row] < 0)
            {
                throw new ArgumentException(
                    $"The {what} of row {row} is {numbers[row]}; it must be a finite number, at least 0.");
            }
        }
    }

    private void CheckValues()
    {
        for (int place = 0; place < Values.Length; place++)
        {
            if (float.IsInfinity(Values[place]))
            {
                throw new ArgumentException(
                    $"The feature '{FeatureNames[place / Rows]}' of row {place % Rows} is {Values[place]}; "
                    + "use NaN for an unknown value.");
            }
        }
    }
}
