using System.Buffers;

namespace Palate;

/// <summary>Keeps the best items of a stream whose scores pass a rising threshold.</summary>
/// <remarks>
/// A buffer of a few times k that is cut back to the best k when it is full: cheaper than a heap, because most offers
/// cost one store, and the threshold is what a vector of scores is compared with. Items must arrive in ascending
/// order, so that of equal scores the lower index stays. An item and its score are packed into one integer whose order
/// is the total order of <see cref="ScoredItem"/>.
/// </remarks>
internal sealed class BestReservoir : IDisposable
{
    private readonly int _keep;
    private readonly ulong[] _keys;
    private readonly int _capacity;
    private int _count;

    public BestReservoir(int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keep);
        _keep = keep;
        _capacity = Math.Max(512, (int)Math.Min(4L * keep, Array.MaxLength));
        _keys = ArrayPool<ulong>.Shared.Rent(_capacity);
    }

    /// <summary>Only a greater score can still be among the best.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    /// <summary>Adds an item whose score is greater than the threshold.</summary>
    public void Offer(int item, float score)
    {
        if (_count == _capacity)
        {
            Cut();
            if (!(score > Threshold))
            {
                return;
            }
        }

        _keys[_count++] = Pack(item, score);
    }

    /// <summary>Adds what another reservoir keeps.</summary>
    public void Merge(BestReservoir other)
    {
        other.Cut();
        for (int place = 0; place < other._count; place++)
        {
            if (_count == _capacity)
            {
                Cut();
            }

            _keys[_count++] = other._keys[place];
        }
    }

    /// <summary>Writes the best items, best first, and returns how many there are.</summary>
    public int Finish(Span<ScoredItem> destination)
    {
        Cut();
        int count = Math.Min(_count, destination.Length);
        for (int place = 0; place < count; place++)
        {
            destination[place] = Unpack(_keys[_count - 1 - place]);
        }

        return count;
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_keys);

    private void Cut()
    {
        Span<ulong> all = _keys.AsSpan(0, _count);
        all.Sort();
        if (_count >= _keep)
        {
            all[^_keep..].CopyTo(all);
            _count = _keep;
            Threshold = Unpack(_keys[0]).Score;
        }
    }

    // Ascending integers are ascending scores, and of equal scores descending items.
    private static ulong Pack(int item, float score)
    {
        // Adding zero turns -0 into 0, which compares equal to it.
        int bits = BitConverter.SingleToInt32Bits(score + 0f);
        uint ordered = bits < 0 ? ~(uint)bits : (uint)bits | 0x8000_0000;
        return ((ulong)ordered << 32) | ~(uint)item;
    }

    private static ScoredItem Unpack(ulong key)
    {
        uint ordered = (uint)(key >> 32);
        uint bits = ordered >= 0x8000_0000 ? ordered & 0x7FFF_FFFF : ~ordered;
        return new ScoredItem((int)~(uint)key, BitConverter.Int32BitsToSingle((int)bits));
    }
}
