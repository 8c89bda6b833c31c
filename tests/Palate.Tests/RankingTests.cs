namespace Palate.Tests;

public class RankingTests
{
    [Fact]
    public void A_stage_reorders_and_keeps_every_candidate_once()
    {
        var ranking = Ranking.OfCandidates(Candidates(20));
        var random = new SeededRandom(3);
        for (int stage = 0; stage < 50; stage++)
        {
            float[] scores = [.. Enumerable.Range(0, 20).Select(_ => (float)random.Next(6))];
            ranking = ranking.After($"stage {stage}", scores);

            Assert.Equal(Enumerable.Range(0, 20), ranking.Order.Order());
            for (int place = 1; place < 20; place++)
            {
                int before = ranking.Order[place - 1];
                int after = ranking.Order[place];
                Assert.True(scores[before] > scores[after] ||
                    (scores[before] == scores[after] &&
                        ranking.Candidates.Items[before] < ranking.Candidates.Items[after]));
            }
        }
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_refused_with_the_stage_and_the_item()
    {
        var ranking = Ranking.OfCandidates(Candidates(3));

        ArgumentException e = Assert.Throws<ArgumentException>(() => ranking.After("rank", [1, float.NaN, 0]));

        Assert.Contains("rank", e.Message, StringComparison.Ordinal);
        Assert.Contains("NaN", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_must_score_every_candidate()
    {
        var ranking = Ranking.OfCandidates(Candidates(3));

        Assert.Throws<ArgumentOutOfRangeException>(() => ranking.After("rank", [1, 2]));
    }

    [Fact]
    public void The_stages_are_kept_in_the_order_in_which_they_ran()
    {
        Ranking ranking = Ranking.OfCandidates(Candidates(2)).After("rank", [1, 2]).After("rerank", [2, 1]);

        Assert.Equal(["retrieve", "rank", "rerank"], ranking.Stages.Select(stage => stage.Name));
    }

    private static CandidateSet Candidates(int count)
    {
        var proposals = Enumerable.Range(0, count).Select(item => new ScoredItem(item, count - item)).ToArray();
        return new Fusion(["only"]).Merge(proposals, [0, count]);
    }
}
