namespace Palate.Tests;

/// <summary>
/// Ranks the whole catalog for every test user, training items excluded, for the canaries of this folder.
/// </summary>
internal sealed class FullRanking(InteractionMatrix train, IReadOnlyList<int[]> test)
{
    public InteractionMatrix Train => train;

    /// <summary>MovieLens 100K, the split of its authors: ten ratings of each user are the test.</summary>
    public static FullRanking OfMovieLens100K()
    {
        string folder = TestData.Folder("ml-100k");
        return new FullRanking(Read("ua.base"), Rows(Read("ua.test")));

        InteractionMatrix Read(string name)
        {
            var users = new List<int>();
            var items = new List<int>();
            var values = new List<float>();
            var times = new List<long>();
            foreach (string line in File.ReadLines(Path.Combine(folder, name)))
            {
                int[] cells = [.. line.Split('\t').Select(int.Parse)];
                users.Add(cells[0] - 1);
                items.Add(cells[1] - 1);
                values.Add(cells[2]);
                times.Add(cells[3]);
            }

            return InteractionMatrix.Build(943, 1682, [.. users], [.. items], [.. values], [.. times]);
        }
    }

    /// <summary>MovieLens 1M as implicit feedback, 80 : 20 per user.</summary>
    public static FullRanking OfMovieLens1M()
    {
        string folder = Path.Combine(TestData.Folder("ml-1m"), "implicit");
        return new FullRanking(ReadLists(Path.Combine(folder, "train.txt")), Rows(ReadLists(Path.Combine(folder, "test.txt"))));
    }

    /// <summary>Means over the users that have a test item; the ideal gain is cut at min(k, test items).</summary>
    public (double Ndcg, double Recall) Measure(ICandidateSource source, int k)
    {
        double ndcg = 0;
        double recall = 0;
        int users = 0;
        var best = new ScoredItem[k];
        for (int user = 0; user < test.Count; user++)
        {
            if (test[user].Length == 0)
            {
                continue;
            }

            var filter = new ItemFilter(train.Columns);
            filter.Block(train.Row(user));
            using var context = new RetrievalContext(Profile.OfRow(train, user), filter);
            int count = source.Propose(context, best);
            double gain = 0;
            double ideal = 0;
            int hits = 0;
            for (int place = 0; place < count; place++)
            {
                if (Array.BinarySearch(test[user], best[place].Item) >= 0)
                {
                    gain += 1 / Math.Log2(place + 2);
                    hits++;
                }
            }

            for (int place = 0; place < Math.Min(k, test[user].Length); place++)
            {
                ideal += 1 / Math.Log2(place + 2);
            }

            ndcg += gain / ideal;
            recall += (double)hits / test[user].Length;
            users++;
        }

        return (ndcg / users, recall / users);
    }

    private static int[][] Rows(InteractionMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Rows).Select(row => matrix.Row(row).ToArray())];

    private static InteractionMatrix ReadLists(string path)
    {
        var users = new List<int>();
        var items = new List<int>();
        foreach (string line in File.ReadLines(path))
        {
            string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string item in cells.Skip(1))
            {
                users.Add(int.Parse(cells[0]));
                items.Add(int.Parse(item));
            }
        }

        float[] ones = [.. users.Select(_ => 1f)];
        return InteractionMatrix.Build(6040, 3260, [.. users], [.. items], ones, new long[ones.Length]);
    }
}
