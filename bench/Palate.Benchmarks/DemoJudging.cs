using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <summary>The demo world's queries as requests to a re-ranker: the best candidates by words, and what each is worth.</summary>
internal sealed class DemoJudging
{
    private readonly DemoWorld _world;
    private readonly TextSearch _search;
    private readonly int[]? _popularity;

    /// <summary>The world.</summary>
    /// <param name="items">How many items it has.</param>
    /// <param name="queries">How many queries.</param>
    /// <param name="users">How many users.</param>
    /// <param name="isByPopularity">
    /// Whether the base score is how many interactions an item had, as in a shop that sorts what matches by what sells;
    /// else it is that of the text search, which also chooses the candidates.
    /// </param>
    public DemoJudging(int items = 2_000, int queries = 200, int users = 200, bool isByPopularity = false)
    {
        _world = DemoWorld.Generate(new DemoOptions { Items = items, Users = users, Queries = queries });
        _search = TextSearch.Fit(_world.Catalog);
        if (isByPopularity)
        {
            var counts = _world.Interactions(new ImportReport()).CountBy(one => one.ItemId).ToDictionary();
            _popularity = [.. _world.Catalog.Items.Select(item => counts.GetValueOrDefault(item.Id))];
        }
    }

    public int Queries => _world.Queries.Count;

    /// <summary>A query's request: its best candidates by BM25, with some of a user's history.</summary>
    /// <param name="query">The query's number.</param>
    /// <param name="candidates">How many.</param>
    /// <param name="user">Whose history it shows; -1 for none.</param>
    public (RerankRequest Request, float[] Grades, float[] Ideal) Request(int query, int candidates, int user = -1)
    {
        DemoQuery asked = _world.Queries[query];
        (int[] items, float[] scores) = Best(asked.Text, candidates);
        if (_popularity is not null)
        {
            items = [.. items.OrderByDescending(item => _popularity[item]).ThenBy(item => item)];
            scores = [.. items.Select(item => (float)Math.Log(1 + _popularity[item]))];
        }

        var request = new RerankRequest
        {
            Query = asked.Text,
            History = user < 0 ? [] : History(user),
            Candidates = [.. items.Select((item, place) => Candidate(item, scores[place]))],
            Top = 10,
            Pipeline = "bench",
        };
        return (
            request,
            [.. items.Select(item => (float)asked.Grades[item])],
            [.. asked.Grades.Where(grade => grade > 0).Select(grade => (float)grade)]);
    }

    // Filled up with the items that match no word, so that every request has as many.
    private (int[] Items, float[] Scores) Best(string query, int count)
    {
        using var context = new RetrievalContext(
            new Profile(-1, default, default, default, isTrained: false), new ItemFilter(_world.Catalog.Count), query);
        var found = new ScoredItem[count];
        int matching = _search.Propose(context, found);
        int[] items = [.. found.Take(matching).Select(one => one.Item)];
        int[] others = [.. Enumerable.Range(0, _world.Catalog.Count).Except(items).Take(count - matching)];
        return ([.. items, .. others], [.. found.Take(matching).Select(one => one.Score), .. others.Select(_ => 0f)]);
    }

    private RerankCandidate Candidate(int index, float score)
    {
        Item item = _world.Catalog.Items[index];
        return new RerankCandidate(item.Id, item.Title, score) { Text = item.Text, Attributes = item.Attributes };
    }

    private HistoryEntry[] History(int user)
    {
        var random = new Random(user);
        return
        [
            .. Enumerable.Range(0, 8).Select(_ =>
                new HistoryEntry(_world.Catalog.Items[random.Next(_world.Catalog.Count)].Title, null)),
        ];
    }
}
