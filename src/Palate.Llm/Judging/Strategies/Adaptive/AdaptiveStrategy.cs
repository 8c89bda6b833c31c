namespace Palate.Llm;

/// <summary>Asks where the posterior is undecided around the cut, and stops when asking is not worth it.</summary>
/// <remarks>
/// A few rounds of blocks that the model orders, each round's blocks in parallel. The first round is the widest, because
/// nothing can be learned of a candidate that is never shown; the later ones show those on which the top still depends.
/// What a candidate is worth showing for is what stands on it now - the expected utility lost by having it on the wrong
/// side of the cut - times the share of its variance that one more judgment takes away. So a weak base and a sharp judge
/// are asked more of, a good base and a noisy judge less, and a useless judge nothing more.
/// </remarks>
internal sealed class AdaptiveStrategy : Strategy
{
    // Fewer are not worth a call of their own.
    private const int LeastBlock = 8;

    // What the order inside the top counts, beside being in it.
    private const double OrderShare = .05;

    // What a candidate that is shown briefly costs of a whole one, with its share of the call; what all then may cost of
    // what they may else; and how many more a block holds.
    private const double BriefCost = .5;
    private const double BriefLimit = .75;
    private const double BriefBlock = 1.25;

    // What share of all that may be shown the first round shows, in whole blocks: nothing can be learned of a candidate that
    // is never shown.
    private const double FirstShare = 2 / 3.0;

    // What share of a block the reply names where a round has several, which only choose who is worth another look.
    private const double ChosenShare = .35;

    // The least expected gain, in deviations of the utility, for which a candidate is shown.
    private const double LeastGain = .007;

    // How probable it must be that the top is the true one to stop.
    private const double Settled = .95;

    private readonly AdaptiveOptions _options;

    /// <summary>A strategy.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public AdaptiveStrategy(AdaptiveOptions? options = null)
    {
        _options = options ?? new AdaptiveOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => _options.Brief ? "adaptive-brief" : "adaptive";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        bool isBrief = ShowsBriefly(evidence) && evidence.Asked == 0;
        int size = isBrief ? (int)(BriefBlock * _options.BlockSize) : _options.BlockSize;
        double cost = isBrief ? BriefCost : 1;
        int allowed = Math.Min(evidence.Candidates, Allowance(evidence, size, cost));
        int least = Math.Min(LeastBlock, evidence.Candidates);
        if (allowed < Math.Max(2, least) || evidence.SettledProbability() >= Settled)
        {
            return [];
        }

        double[] gain = Gain(evidence);
        int[] ranked = [.. evidence.Order().OrderByDescending(candidate => gain[candidate]).Take(allowed)];
        int worth = ranked.TakeWhile(candidate => gain[candidate] >= cost * LeastGain).Count();
        if (worth < (evidence.Asked == 0 ? 2 : Math.Max(2, least)))
        {
            return [];
        }

        // A call that is made anyway is filled: its last candidates cost less than its first. So the first is made for few,
        // as when only the best place matters; a later one would judge again what is all but settled.
        int blocks = (worth + size - 1) / size;
        return Deal(ranked[..Math.Min(ranked.Length, blocks * size)], evidence, blocks, isBrief);
    }

    // What fits into one block is shown whole at once.
    private bool ShowsBriefly(Evidence evidence) => _options.Brief && evidence.Candidates > _options.BlockSize;

    // How many candidates of this cost may be shown now: the first round's share of what may be spent, then as much in each
    // round that is left; whole blocks as long as there is one, because a block of few compares few. 0 when all rounds are
    // done. The questions of one round carry the number of those before.
    private int Allowance(Evidence evidence, int size, double cost)
    {
        int round = evidence.Questions.Select(question => question.Repeat).Distinct().Count();
        if (round >= _options.Rounds)
        {
            return 0;
        }

        double limit = Math.Min(_options.Shown, _options.ShownEach * evidence.Candidates) * (ShowsBriefly(evidence) ? BriefLimit : 1);
        limit -= evidence.Questions.Sum(question => question.Candidates.Count * (question.IsBrief ? BriefCost : 1));
        int rest = (int)Math.Round(limit / cost);
        double share = _options.Rounds == 1 ? 1 : round == 0 ? FirstShare : 1.0 / (_options.Rounds - round);
        int blocks = (int)((share * rest / size) + 1e-9);
        return Math.Min(rest, Math.Max(1, blocks) * size);
    }

    private static double[] Gain(Evidence evidence)
    {
        TopDraws draws = evidence.TopDraws;
        double noise = evidence.JudgeNoise * evidence.JudgeNoise;
        double[] gain = new double[evidence.Candidates];
        for (int candidate = 0; candidate < gain.Length; candidate++)
        {
            double variance = draws.Variance[candidate];
            double taken = variance / (variance + noise);
            gain[candidate] = (draws.Stake[candidate] * taken)
                + (OrderShare * draws.Membership[candidate] * Math.Sqrt(variance * taken));
        }

        return gain;
    }

    // Back and forth from the strongest, so that every block has a share of each strength and the blocks compare.
    private List<Question> Deal(int[] chosen, Evidence evidence, int count, bool isBrief)
    {
        var blocks = new List<int>[count];
        for (int block = 0; block < count; block++)
        {
            blocks[block] = [];
        }

        IReadOnlyList<double> utilities = evidence.Utilities;
        int dealt = 0;
        foreach (int candidate in chosen.OrderBy(candidate => (-utilities[candidate], candidate)))
        {
            int turn = dealt++ % (2 * count);
            blocks[turn < count ? turn : (2 * count) - 1 - turn].Add(candidate);
        }

        // Shown in an order that has nothing to do with strength, so that a judge that favours a place is found out.
        bool isChoosing = count > 1 && evidence.Asked == 0;
        double share = isChoosing ? ChosenShare : _options.NamedShare;
        var questions = new List<Question>(count);
        foreach (List<int> block in blocks)
        {
            int[] shown = [.. block.OrderBy(candidate => Scatter(candidate, evidence.Asked))];
            questions.Add(new Question(
                QuestionKind.Order,
                shown,
                Math.Max(1, (int)(share * shown.Length)),
                repeat: evidence.Asked,
                isBrief: isBrief));
        }

        return questions;
    }

    private static uint Scatter(int candidate, int asked)
    {
        uint mixed = ((uint)candidate * 0x9E3779B9u) ^ ((uint)(asked + 1) * 0x85EBCA6Bu);
        mixed = (mixed ^ (mixed >> 16)) * 0x7FEB352Du;
        mixed = (mixed ^ (mixed >> 15)) * 0x846CA68Bu;
        return mixed ^ (mixed >> 16);
    }
}
