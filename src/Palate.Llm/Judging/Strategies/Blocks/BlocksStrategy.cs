namespace Palate.Llm;

/// <summary>Overlapping blocks, all in one round, and their orders put together by PageRank over the wins.</summary>
/// <remarks>
/// JointRank, 2025, arXiv 2506.22262; the second round on the winners is that of TDPart, Parry et al.
/// 2024, arXiv 2405.14589. Candidates that fit one block are asked in one. Replicas * ceil(n / block size) questions.
/// </remarks>
internal sealed class BlocksStrategy : Strategy
{
    private readonly BlockOptions _options;

    /// <summary>A strategy with its blocks; null for the defaults.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public BlocksStrategy(BlockOptions? options = null)
    {
        _options = options ?? new BlockOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => "blocks";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        Follow(evidence, out Replay replay);
        return replay.Missing;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence) => Follow(evidence, out _);

    private int[] Follow(Evidence evidence, out Replay replay)
    {
        replay = new Replay(evidence);
        int[] all = [.. evidence.BaseOrder];
        if (all.Length <= _options.BlockSize)
        {
            return all.Length > 1 && replay.TryOrder(new Question(QuestionKind.Order, all), out int[] only)
                ? only
                : all;
        }

        List<Question> known = [];
        foreach (Question block in Deal(all))
        {
            if (replay.Knows(block))
            {
                known.Add(block);
            }
        }

        int[] order = WinFlow.Order(evidence, known);
        if (!_options.SecondRound || replay.Missing.Count > 0)
        {
            return order;
        }

        int[] winners = order[.._options.BlockSize];
        return replay.TryOrder(new Question(QuestionKind.Order, winners, repeat: _options.Replicas), out int[] final)
            ? [.. final, .. order[_options.BlockSize..]]
            : order;
    }

    /// <summary>For each replica another shuffle, cut into blocks of nearly equal size.</summary>
    private IEnumerable<Question> Deal(int[] all)
    {
        int blocks = (all.Length + _options.BlockSize - 1) / _options.BlockSize;
        for (int replica = 0; replica < _options.Replicas; replica++)
        {
            int[] shuffled = SeededShuffle.Of(all, seed: 1, replica);
            for (int block = 0; block < blocks; block++)
            {
                int start = block * all.Length / blocks;
                int end = (block + 1) * all.Length / blocks;
                yield return new Question(QuestionKind.Order, shuffled[start..end], repeat: replica);
            }
        }
    }
}
