namespace Palate.Llm;

/// <summary>How many orders put one candidate before another, for every pair.</summary>
internal sealed class PairVotes
{
    // before [shown, shown]: how many orders put the row's candidate before the column's
    private readonly int[] _before;
    private readonly int[] _shown;
    private readonly Dictionary<int, int> _places = [];

    /// <param name="shown">The candidates, by which ties are decided: the first is the best.</param>
    public PairVotes(int[] shown)
    {
        _shown = shown;
        _before = new int[shown.Length * shown.Length];
        for (int place = 0; place < shown.Length; place++)
        {
            _places[shown[place]] = place;
        }
    }

    /// <summary>Counts an order; candidates that it does not name come after those it names, in no order.</summary>
    public void Add(Judgment judgment)
    {
        int n = _shown.Length;
        bool[] above = new bool[n];
        foreach (int candidate in judgment.Named)
        {
            int place = _places[candidate];
            above[place] = true;
            for (int other = 0; other < n; other++)
            {
                // A chosen set says nothing about its own pairs; above is then only complete after the loop.
                bool named = judgment.IsOrdered ? above[other] : judgment.Named.Contains(_shown[other]);
                _before[place * n + other] += named ? 0 : 1;
            }
        }
    }

    /// <summary>By how many others a candidate was put before, which is the order of mean places.</summary>
    public int[] Borda()
    {
        int n = _shown.Length;
        long[] points = new long[n];
        for (int place = 0; place < n; place++)
        {
            for (int other = 0; other < n; other++)
            {
                points[place] += _before[place * n + other] - _before[other * n + place];
            }
        }

        return [.. Enumerable.Range(0, n).OrderByDescending(place => points[place]).Select(place => _shown[place])];
    }

    /// <summary>Moves single candidates while that lowers the number of disagreements over pairs (Kemeny 1959).</summary>
    /// <remarks>Each move lowers an integer that cannot be negative, so the search ends; a pass costs n squared.</remarks>
    public void Improve(int[] order)
    {
        int n = order.Length;
        bool moved = true;
        while (moved)
        {
            moved = false;
            for (int from = 0; from < n; from++)
            {
                int to = BestPlace(order, from);
                if (to != from)
                {
                    int candidate = order[from];
                    int step = to > from ? 1 : -1;
                    for (int place = from; place != to; place += step)
                    {
                        order[place] = order[place + step];
                    }

                    order[to] = candidate;
                    moved = true;
                }
            }
        }
    }

    private int BestPlace(int[] order, int from)
    {
        int best = from;
        int bestGain = 0;
        foreach (int step in (ReadOnlySpan<int>)[-1, 1])
        {
            int gain = 0;
            for (int place = from + step; place >= 0 && place < order.Length; place += step)
            {
                gain += step * Lead(order[place], order[from]);
                if (gain > bestGain)
                {
                    (best, bestGain) = (place, gain);
                }
            }
        }

        return best;
    }

    /// <summary>How many more orders put the first before the second than the other way round.</summary>
    private int Lead(int first, int second)
    {
        (int row, int column) = (_places[first], _places[second]);
        return _before[row * _shown.Length + column] - _before[column * _shown.Length + row];
    }
}
