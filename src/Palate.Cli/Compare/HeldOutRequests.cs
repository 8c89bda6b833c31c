using Palate.Storage;

namespace Palate.Cli;

/// <summary>Users of a home with what is held out of their histories.</summary>
internal static class HeldOutRequests
{
    /// <summary>Users spread evenly over those who have something held out.</summary>
    /// <param name="home">The home.</param>
    /// <param name="generation">The generation that will be asked; it must not have learned what is held out.</param>
    /// <param name="split">The held-out set; null for the only one there is.</param>
    /// <param name="count">How many users.</param>
    /// <exception cref="CommandException">There is no such set, or the generation has learned it.</exception>
    public static IReadOnlyList<GradedRequest> Of(Home home, Generation generation, string? split, int count)
    {
        using SqliteStore store = home.OpenStore();
        string name = HeldOutSet.Find(store, split);
        Dataset learned = store.Load(name);
        TrainingData data = learned.ToTrainingData();
        if (data.Hash != generation.Data.Hash)
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "generation_mismatch",
                $"Generation {generation.Name} was not trained on what is left when '{name}' is held out.",
                "Train on the same home without importing anything afterwards."));
        }

        InteractionMatrix heldOut = learned.HeldOut(name).ToMatrix(data.Users.Count, data.Catalog.Count);
        int[] users = [.. Enumerable.Range(0, heldOut.Rows).Where(user => heldOut.RowCount(user) > 0)];
        int wanted = Math.Min(count, users.Length);
        return
        [
            .. Enumerable.Range(0, wanted).Select(place => users[(int)((long)place * users.Length / wanted)]).Select(user =>
                new GradedRequest(
                    new RecommendRequest { UserId = data.Users[user].Id },
                    heldOut.Row(user).ToArray().ToDictionary(item => data.Catalog.Items[item].Id, _ => 1))),
        ];
    }
}
