using System.Diagnostics;
using System.Globalization;

namespace Palate.Benchmarks;

/// <summary>Where the time of one request goes, without HTTP: a published generation is asked for each user in turn.</summary>
/// <remarks>
/// Parts are timed one by one over all users, so their sum leaves out what they cost each other. The digests show whether
/// a change moved an answer: the order alone, and the scores bit by bit.
/// </remarks>
internal static class RequestProfile
{
    private const double SecondsPerPart = 0.4;

    public static int Run(string[] arguments)
    {
        if (arguments is not [string folder])
        {
            Console.Error.WriteLine("usage: request GENERATIONS      the folder 'generations' of a home");
            return 2;
        }

        Generation generation = new GenerationStore(folder).LoadCurrent();
        var recommender = new Recommender(generation, TimeProvider.System);
        RecommendRequest[] requests =
        [
            .. generation.Data.Users.Select(user => new RecommendRequest { UserId = user.Id, Count = 5 }),
        ];
        Console.WriteLine(Digest(recommender, requests));
        Time("whole request", requests.Length, user => Ask(recommender, requests[user]), 3);
        Parts(generation, requests.Length);
        return 0;
    }

    private static void Parts(Generation generation, int users)
    {
        Retriever retriever = PipelineBuilder.Personal(generation.Sources, generation.Options.Retrieval);
        RetrievalContext[] contexts =
            [.. Enumerable.Range(0, users).Select(user => RetrievalContext.OfRow(generation.Matrix, user))];
        CandidateSet[] candidates = [.. contexts.Select(retriever.Retrieve)];
        FeatureMatrix[] features = [.. contexts.Zip(candidates, generation.Features.Build)];
        ScoredItem[] proposals = new ScoredItem[generation.Options.Retrieval.PerSource];
        float[] scores = new float[candidates[0].Count];

        Time("filter and profile", users, user => RetrievalContext.OfRow(generation.Matrix, user).Dispose());
        foreach (ICandidateSource source in generation.Sources.Personal)
        {
            Time($"{source.Name}: score the catalog and select", users, user =>
            {
                using var context = new RetrievalContext(contexts[user].Profile, contexts[user].Filter);
                source.Propose(context, proposals);
            });
            Time($"{source.Name}: select", users, user => source.Propose(contexts[user], proposals));
        }

        Time("retrieve, the sources' scores known", users, user => retriever.Retrieve(contexts[user]));
        int first = 0;
        foreach (IFeatureFamily family in generation.Features.Families)
        {
            int start = first;
            Time($"features: {family.Definitions[0].Name} ...", users, user =>
                family.Fill(contexts[user], candidates[user], features[user], start));
            first += family.Definitions.Count;
        }

        Time("all features", users, user => generation.Features.Build(contexts[user], candidates[user]));
        if (generation.Ranker is AverageRanker average)
        {
            foreach (IRanker ranker in average.Rankers)
            {
                Time($"rank: {ranker.Name}", users, user => ranker.Score(features[user], scores));
            }
        }

        Time("rank", users, user => generation.Ranker?.Score(features[user], scores));
        Time("order", users, user => Ranking.OfCandidates(candidates[user]).After("rank", scores));
    }

    private static Recommendation Ask(Recommender recommender, RecommendRequest request) =>
        recommender.RecommendAsync(request).AsTask().GetAwaiter().GetResult();

    private static string Digest(Recommender recommender, RecommendRequest[] requests)
    {
        ulong order = 14695981039346656037;
        ulong bits = order;
        foreach (RecommendRequest request in requests)
        {
            foreach (RecommendedItem item in Ask(recommender, request with { Count = 1000 }).Items)
            {
                foreach (char letter in item.ItemId)
                {
                    order = (order ^ letter) * 1099511628211;
                }

                bits = (bits ^ BitConverter.SingleToUInt32Bits(item.Score)) * 1099511628211;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"order {order:x16}, scores {bits:x16}");
    }

    private static void Time(string part, int users, Action<int> once, double seconds = SecondsPerPart)
    {
        // Long enough for the compiler's second tier before the measured half.
        Fastest(users, once, seconds);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int user = 0; user < users; user++)
        {
            once(user);
        }

        double bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / users;
        double microseconds = Fastest(users, once, seconds);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{microseconds,8:0.0} us {bytes,8:0} bytes  {part}"));
    }

    // The mean over users of each user's fastest time: the one that nobody else on the machine disturbed.
    private static double Fastest(int users, Action<int> once, double seconds)
    {
        long[] fastest = new long[users];
        Array.Fill(fastest, long.MaxValue);
        long begin = Stopwatch.GetTimestamp();
        do
        {
            for (int user = 0; user < users; user++)
            {
                long start = Stopwatch.GetTimestamp();
                once(user);
                fastest[user] = Math.Min(fastest[user], Stopwatch.GetTimestamp() - start);
            }
        }
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds);

        return fastest.Average() / Stopwatch.Frequency * 1e6;
    }
}
