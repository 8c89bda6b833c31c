namespace Palate.Cli;

/// <summary>The demo world's queries as requests whose right answers are known.</summary>
internal static class DemoRequests
{
    /// <summary>Queries, each asked by another user; the grades say what an item is worth for the query.</summary>
    /// <exception cref="CommandException">The generation is not of the demo world.</exception>
    public static IReadOnlyList<GradedRequest> Of(Generation generation, int count)
    {
        DemoWorld world = DemoWorld.Generate();
        if (generation.Catalog.Count != world.Catalog.Count
            || generation.Catalog.Items.Zip(world.Catalog.Items).Any(pair => pair.First.Id != pair.Second.Id))
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "no_queries",
                $"Generation {generation.Name} is not of the demo world, so there are no queries with known grades.",
                "Leave --queries away, or use the home of 'palate demo'."));
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
