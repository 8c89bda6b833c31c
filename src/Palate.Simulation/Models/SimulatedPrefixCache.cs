using System.Runtime.InteropServices;

namespace Palate.Simulation;

/// <summary>Remembers the beginnings of prompts in full blocks, as vLLM does, and forgets the least recently used.</summary>
/// <remarks>Thread-safe. A block is named by its tokens and everything before them, so only exact beginnings count.</remarks>
internal sealed class SimulatedPrefixCache(int capacity)
{
    public const int BlockTokens = 16;

    private readonly Dictionary<ulong, LinkedListNode<ulong>> _blocks = [];
    private readonly LinkedList<ulong> _recent = new();
    private readonly Lock _gate = new();

    /// <summary>How many tokens at the front are known; from now on all full blocks are.</summary>
    /// <param name="tokens">The prompt's tokens.</param>
    /// <param name="salt">Keeps the prompts of different owners apart.</param>
    public int Look(List<ulong> tokens, ulong salt)
    {
        ReadOnlySpan<ulong> all = CollectionsMarshal.AsSpan(tokens);
        int known = 0;
        bool isKnown = true;
        ulong hash = salt;
        lock (_gate)
        {
            // At least one token is always computed: a full hit gives up its last block.
            for (int end = BlockTokens; end <= all.Length; end += BlockTokens)
            {
                foreach (ulong token in all.Slice(end - BlockTokens, BlockTokens))
                {
                    hash = (hash ^ token) * 0x9E3779B97F4A7C15;
                    hash ^= hash >> 31;
                }

                isKnown &= Touch(hash);
                known = isKnown && end < all.Length ? end : known;
            }
        }

        return known;
    }

    private bool Touch(ulong block)
    {
        if (_blocks.TryGetValue(block, out LinkedListNode<ulong>? node))
        {
            _recent.Remove(node);
            _recent.AddLast(node);
            return true;
        }

        if (_blocks.Count >= capacity)
        {
            node = _recent.First!;
            _blocks.Remove(node.Value);
            _recent.Remove(node);
            node.Value = block;
        }
        else
        {
            node = new LinkedListNode<ulong>(block);
        }

        _blocks[block] = node;
        _recent.AddLast(node);
        return false;
    }
}
