namespace Palate.Llm.Tests;

/// <summary>Requests whose candidates have genres, years, brands and novelty.</summary>
internal static class GraphWorld
{
    private static readonly string[] Genres = ["Action", "Comedy", "Drama", "Horror", "Romance"];

    public static RerankRequest Request(int count, int seed, string goal)
    {
        var random = new Random(seed);
        return new RerankRequest
        {
            Goal = goal,
            Top = 5,
            Taste = new Dictionary<string, IReadOnlyDictionary<string, float>>
            {
                ["genre"] = new Dictionary<string, float> { ["Drama"] = 0.75f, ["Horror"] = 0.25f },
            },
            Candidates =
            [
                .. Enumerable.Range(0, count).Select(place => new RerankCandidate($"i{place}", $"Item {place}", count - place)
                {
                    Novelty = random.Next(20),
                    Attributes = new Dictionary<string, IReadOnlyList<string>>
                    {
                        ["genre"] = place < 3 ? ["Action"] : [Genres[random.Next(5)], Genres[random.Next(5)]],
                        ["year"] = [place % 5 == 4 ? "unknown" : place < count / 3 || random.Next(3) == 0 ? "2001" : "1980"],
                        ["brand"] = [place < 4 ? "Big" : $"b{place}"],
                    },
                }),
            ],
        };
    }
}
