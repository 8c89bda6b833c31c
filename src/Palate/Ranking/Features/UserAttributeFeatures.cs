namespace Palate;

/// <summary>How much more often users who share an attribute with this one took a candidate than users do at large.</summary>
internal sealed class UserAttributeFeatures : IFeatureFamily
{
    // Counts are drawn to what is expected of the group as if it had this many average interactions more.
    private const float PriorCount = 10;
    private const int NumberGroups = 6;

    // group of user u, or -1; log lift [groups, items]
    private readonly int[] _groups;
    private readonly float[] _lifts;
    private readonly int _items;

    public UserAttributeFeatures(AttributeColumn column, InteractionMatrix matrix)
    {
        _groups = column.Numbers is null ? GroupsOfValues(column) : GroupsOfNumbers(column.Numbers);
        _items = matrix.Columns;
        int groups = _groups.DefaultIfEmpty(-1).Max() + 1;
        _lifts = new float[groups * _items];
        float[] itemCounts = new float[_items];
        float[] groupCounts = new float[groups];
        float known = 0;
        for (int user = 0; user < matrix.Rows; user++)
        {
            int group = _groups[user];
            if (group < 0)
            {
                continue;
            }

            foreach (int item in matrix.Row(user))
            {
                _lifts[group * _items + item]++;
                itemCounts[item]++;
                groupCounts[group]++;
                known++;
            }
        }

        for (int group = 0; group < groups; group++)
        {
            float share = groupCounts[group] / Math.Max(1, known);
            for (int item = 0; item < _items; item++)
            {
                ref float lift = ref _lifts[group * _items + item];
                lift = share == 0 ? 0 : MathF.Log((lift + PriorCount * share) / ((itemCounts[item] + PriorCount) * share));
            }
        }

        Definitions =
        [
            new($"user.{column.Name}.lift", "log ratio", $"How much more often users of the same {column.Name} " +
                "interacted with the item than all users did, drawn to 0."),
        ];
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; }

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        Span<float> lifts = matrix[first];
        int user = context.Profile.User;
        int group = user < 0 ? -1 : _groups[user];
        if (group < 0)
        {
            lifts.Fill(float.NaN);
            return;
        }

        ReadOnlySpan<float> row = _lifts.AsSpan(group * _items, _items);
        ReadOnlySpan<int> chosen = candidates.Items;
        for (int candidate = 0; candidate < chosen.Length; candidate++)
        {
            lifts[candidate] = row[chosen[candidate]];
        }
    }

    private static int[] GroupsOfValues(AttributeColumn column)
    {
        int[] groups = new int[column.Count];
        for (int user = 0; user < groups.Length; user++)
        {
            groups[user] = column[user].IsEmpty ? -1 : column[user][0];
        }

        return groups;
    }

    private static int[] GroupsOfNumbers(float[] numbers)
    {
        float[] sorted = [.. numbers.Where(number => !float.IsNaN(number)).Order()];
        int[] groups = new int[numbers.Length];
        for (int user = 0; user < groups.Length; user++)
        {
            groups[user] = -1;
            for (int cut = 0; !float.IsNaN(numbers[user]) && cut < NumberGroups; cut++)
            {
                groups[user] += numbers[user] >= sorted[cut * sorted.Length / NumberGroups] ? 1 : 0;
            }
        }

        return groups;
    }
}
