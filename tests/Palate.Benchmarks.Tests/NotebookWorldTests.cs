namespace Palate.Benchmarks.Tests;

public class NotebookWorldTests
{
    [Fact]
    public void The_base_ranking_is_as_good_as_the_notebook_says()
    {
        // The notebook prints 0.2655 for 700 requests; its standard error is 0.282 / sqrt(700) = 0.011.
        double mean = World().Requests(700, stream: 0).Average(request => Quality(request, 10));

        Assert.InRange(mean, 0.2655 - 0.04, 0.2655 + 0.04);
    }

    [Fact]
    public void The_same_seed_gives_the_same_world_and_requests()
    {
        NotebookRequest[] once = [.. World().Requests(3, stream: 1)];
        NotebookRequest[] again = [.. World().Requests(3, stream: 1)];

        Assert.Equal(World().Items.Select(item => item.Text), NotebookWorld.Generate(7).Items.Select(item => item.Text));
        for (int request = 0; request < once.Length; request++)
        {
            Assert.Equal(once[request].Query, again[request].Query);
            Assert.Equal(once[request].Candidates, again[request].Candidates);
        }
    }

    [Fact]
    public void Candidates_come_best_first_and_each_once()
    {
        NotebookRequest request = World().Requests(1, stream: 2).First();

        Assert.Equal(NotebookWorld.CandidateCount, request.Candidates.Distinct().Count());
        Assert.Equal(request.BaseScores.OrderDescending(), request.BaseScores);
    }

    private static readonly NotebookWorld Shop = NotebookWorld.Generate(7);

    private static NotebookWorld World() => Shop;

    // As the notebook has it: the ideal is the same ten items in their best order.
    private static double Quality(NotebookRequest request, int k)
    {
        float[] grades =
        [
            .. request.Candidates.Take(k).Select((item, place) => NotebookWorld.IsClicked(
                request.Intent,
                World().Items[item].Text.ToLowerInvariant().Split(' ', '-').ToHashSet(),
                request.BaseScores[place]) ? 1f : 0f),
        ];
        double ndcg = RankingMetrics.Ndcg(grades, [.. grades.Where(grade => grade > 0)], k);
        return double.IsNaN(ndcg) ? 0 : ndcg;
    }
}
