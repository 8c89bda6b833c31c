namespace Palate.Tests;

public sealed class FusionTests
{
    private static readonly string[] TwoNames = ["als", "text"];

    [Fact]
    public void Reciprocal_ranks_add_up_over_sources()
    {
        CandidateSet set = Merge(new FusionOptions(), [[(7, 0.9f), (3, 0.8f)], [(3, 5f), (9, 4f)]]);

        Assert.Equal([3, 7, 9], set.Items);
        Assert.Equal(1f / 62 + 1f / 61, set.Fused[0], 1e-7f);
        Assert.Equal(1f / 61, set.Fused[1], 1e-7f);
        Assert.Equal(1f / 62, set.Fused[2], 1e-7f);
    }

    [Fact]
    public void Provenance_says_who_proposed_at_which_rank_with_which_score()
    {
        CandidateSet set = Merge(new FusionOptions(), [[(7, 0.9f), (3, 0.8f)], [(3, 5f), (9, 4f)]]);

        Assert.Equal(TwoNames, set.Sources);
        Assert.Equal([2, 1, 0], set.RanksOf(0).ToArray());
        Assert.Equal([1, 0, 2], set.RanksOf(1).ToArray());
        Assert.Equal([0.8f, 0.9f, 0], set.ScoresOf(0).ToArray());
        Assert.Equal([5f, 0, 4f], set.ScoresOf(1).ToArray());
        Assert.Equal([2, 1, 1], new[] { set.Proposers(0), set.Proposers(1), set.Proposers(2) });
    }

    [Fact]
    public void Weights_and_k_change_the_order()
    {
        (int, float)[][] proposals = [[(1, 1f)], [(2, 1f)]];

        CandidateSet even = Merge(new FusionOptions { K = 0 }, proposals);
        CandidateSet text = Merge(
            new FusionOptions { K = 0, Weights = new Dictionary<string, float> { ["text"] = 2 } }, proposals);

        Assert.Equal([1, 2], even.Items);
        Assert.Equal([2, 1], text.Items);
        Assert.Equal([2f, 1f], text.Fused);
    }

    [Fact]
    public void A_source_of_weight_0_keeps_its_candidates_in_item_order()
    {
        var options = new FusionOptions
        {
            Weights = new Dictionary<string, float> { ["als"] = 0, ["text"] = 0 },
        };
        (int, float)[] many = [.. Enumerable.Range(0, 60).Select(place => (100 - place, 1f))];

        CandidateSet set = Merge(options, [many, [(500, 1f)]]);

        Assert.Equal([.. Enumerable.Range(41, 60), 500], set.Items);
        Assert.All(set.Fused, fused => Assert.Equal(0, fused));
    }

    [Fact]
    public void Ties_keep_ascending_item_order()
    {
        CandidateSet set = Merge(new FusionOptions(), [[(9, 1f), (4, 1f)], [(2, 1f), (8, 1f)]]);

        Assert.Equal([2, 9, 4, 8], set.Items);
    }

    [Fact]
    public void No_proposals_give_no_candidates()
    {
        CandidateSet set = Merge(new FusionOptions(), [[], []]);

        Assert.Equal(0, set.Count);
        Assert.Empty(set.Ranks);
    }

    [Fact]
    public void Of_a_repeated_proposal_the_first_counts()
    {
        CandidateSet set = Merge(new FusionOptions(), [[(4, 9f), (4, 8f), (5, 7f)], []]);

        Assert.Equal([4, 5], set.Items);
        Assert.Equal([1, 3], set.RanksOf(0).ToArray());
        Assert.Equal([9f, 7f], set.ScoresOf(0).ToArray());
        Assert.Equal(1f / 61, set.Fused[0], 1e-7f);
    }

    [Fact]
    public void Broken_proposals_and_options_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Merge(new FusionOptions(), [[(1, float.NaN)], []]));
        Assert.Throws<ArgumentException>(() => Merge(new FusionOptions(), [[(-1, 1f)], []]));
        Assert.Throws<ArgumentException>(() => new Fusion(["a", "a"]));
        Assert.Throws<ArgumentException>(() => new Fusion(TwoNames, new FusionOptions { Limit = 0 }));
        Assert.Throws<ArgumentException>(() => new Fusion(TwoNames, new FusionOptions { K = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fusion(TwoNames).Merge([new ScoredItem(1, 1)], [0, 1]));
        ArgumentException unknown = Assert.Throws<ArgumentException>(
            () => new Fusion(TwoNames, new FusionOptions { Weights = new Dictionary<string, float> { ["bm25"] = 3 } }));
        Assert.Contains("'bm25'", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_distinct_item_comes_once_with_its_provenance_in_a_total_order()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            int sources = 1 + random.Next(9);
            string[] names = [.. Enumerable.Range(0, sources).Select(source => $"s{source}")];
            (int Item, float Score)[][] proposals = new (int, float)[sources][];
            for (int source = 0; source < sources; source++)
            {
                int[] items = [.. Enumerable.Range(0, 400)];
                random.Shuffle<int>(items);
                proposals[source] = [.. items.Take(random.Next(200)).Select(item => (item * 1000, (float)random.NextNormal()))];
            }

            int limit = 1 + random.Next(500);
            var options = new FusionOptions
            {
                Limit = limit,
                Weights = names.ToDictionary(name => name, _ => (float)random.Next(3)),
            };
            CandidateSet set = Merge(options, proposals, names);

            int[] distinct = [.. proposals.SelectMany(own => own).Select(pair => pair.Item).Distinct()];
            Assert.Equal(Math.Min(limit, distinct.Length), set.Count);
            Assert.Equal(set.Count, set.Items.Distinct().Count());
            Assert.Empty(set.Items.Except(distinct));
            for (int candidate = 0; candidate < set.Count; candidate++)
            {
                if (candidate > 0)
                {
                    Assert.True(
                        new ScoredItem(set.Items[candidate - 1], set.Fused[candidate - 1])
                        > new ScoredItem(set.Items[candidate], set.Fused[candidate]));
                }

                for (int source = 0; source < sources; source++)
                {
                    int place = Array.FindIndex(proposals[source], pair => pair.Item == set.Items[candidate]);
                    Assert.Equal(place + 1, set.RanksOf(source)[candidate]);
                    Assert.Equal(place < 0 ? 0 : proposals[source][place].Score, set.ScoresOf(source)[candidate]);
                }
            }

            float[] expected =
            [
                .. distinct
                    .Select(item => new ScoredItem(item, ReciprocalRankSum(item, proposals, options, names)))
                    .OrderDescending()
                    .Take(limit)
                    .Select(scored => scored.Score),
            ];
            Assert.Equal(expected, set.Fused);
        }
    }

    private static float ReciprocalRankSum(
        int item, (int Item, float Score)[][] proposals, FusionOptions options, string[] names)
    {
        float sum = 0;
        for (int source = 0; source < proposals.Length; source++)
        {
            int place = Array.FindIndex(proposals[source], pair => pair.Item == item);
            sum += place < 0 ? 0 : options.Weights[names[source]] / (options.K + place + 1);
        }

        return sum;
    }

    private static CandidateSet Merge(FusionOptions options, (int Item, float Score)[][] proposals, string[]? names = null)
    {
        int[] offsets = new int[proposals.Length + 1];
        for (int source = 0; source < proposals.Length; source++)
        {
            offsets[source + 1] = offsets[source] + proposals[source].Length;
        }

        ScoredItem[] flat = [.. proposals.SelectMany(own => own).Select(pair => new ScoredItem(pair.Item, pair.Score))];
        return new Fusion(names ?? TwoNames, options).Merge(flat, offsets);
    }
}
