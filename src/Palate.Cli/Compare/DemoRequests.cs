using Palate.Simulation;

namespace Palate.Cli;

/// <summary>The demo world's queries as requests whose right answers are known.</summary>
internal static class DemoRequests
{
    private const int MostQueries = 2000;

    /// <summary>Queries, each asked by another user; the grades say what an item is worth for the query.</summary>
    /// <param name="catalog">What is asked.</param>
    /// <param name="count">How many queries, at most 2,000; fewer are the first of more.</param>
    /// <exception cref="CommandException">The catalog is not the demo world's.</exception>
    public static IReadOnlyList<GradedRequest> Of(Catalog catalog, int count)
    {
        DemoWorld world = DemoWorld.Generate(new DemoOptions { Queries = Math.Clamp(count, 2, MostQueries) });
        if (catalog.Count != world.Catalog.Count
            || catalog.Items.Zip(world.Catalog.Items).Any(pair => pair.First.Id != pair.Second.Id))
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "no_queries",
                "The items are not the demo world's, so there are no queries with known grades.",
                "Give a file of queries after --queries, leave it away, or use the home of 'palate demo'."));
        }

        string[] users = [.. world.Users(new ImportReport()).Select(user => user.Id)];
        return
        [
            .. world.Queries.Take(count).Select((query, number) => new GradedRequest(
                new RecommendRequest { UserId = users[number % users.Length], Query = query.Text, IncludeSeen = true },
                query.Grades.Index().Where(grade => grade.Item > 0)
                    .ToDictionary(grade => world.Catalog.Items[grade.Index].Id, grade => grade.Item))),
        ];
    }
}
