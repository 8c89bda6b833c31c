namespace Palate;

/// <summary>Items with an upper and a lower bound of their scores, of which the hopeless are dropped.</summary>
internal sealed class ScoreBounds(int keep, bool isAscending)
{
    private int[] _items = new int[Math.Max(1024, 4 * keep)];
    private float[] _upper = new float[Math.Max(1024, 4 * keep)];
    private float[] _lower = new float[Math.Max(1024, 4 * keep)];
    private float[] _sorted = [];
    private int _count;

    /// <summary>The k-th greatest lower bound when the hopeless were last dropped.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    /// <summary>Only an item whose upper bound is greater than this is worth offering.</summary>
    /// <remarks>Where items come in ascending order, one that can only tie loses to those before it.</remarks>
    public float Limit { get; private set; } = float.NegativeInfinity;

    public void Offer(int item, float upper, float lower)
    {
        if (!(upper > Limit))
        {
            return;
        }

        if (_count == _items.Length)
        {
            Cut();
            if (_count > _items.Length / 2)
            {
                // Many rows are too near to be told apart by their bounds.
                Array.Resize(ref _items, 2 * _items.Length);
                Array.Resize(ref _upper, _items.Length);
                Array.Resize(ref _lower, _items.Length);
            }
        }

        _items[_count] = item;
        _upper[_count] = upper;
        _lower[_count++] = lower;
    }

    /// <summary>Raises the threshold and drops the items below it.</summary>
    public void Cut()
    {
        if (_count < keep)
        {
            return;
        }

        if (_sorted.Length < _count)
        {
            _sorted = new float[_items.Length];
        }

        Span<float> lower = _sorted.AsSpan(0, _count);
        _lower.AsSpan(0, _count).CopyTo(lower);
        lower.Sort();
        Threshold = lower[^keep];
        Limit = isAscending ? Threshold : MathF.BitDecrement(Threshold);
        int kept = 0;
        for (int place = 0; place < _count; place++)
        {
            if (_upper[place] >= Threshold)
            {
                _items[kept] = _items[place];
                _upper[kept] = _upper[place];
                _lower[kept++] = _lower[place];
            }
        }

        _count = kept;
    }

    /// <summary>Adds the items whose upper bound reaches a threshold.</summary>
    public void AddTo(List<int> items, float threshold)
    {
        for (int place = 0; place < _count; place++)
        {
            if (_upper[place] >= threshold)
            {
                items.Add(_items[place]);
            }
        }
    }
}
