namespace Palate.Tests;

public sealed class StudentRerankerTests
{
    [Fact]
    public async Task A_student_that_has_agreed_enough_takes_the_place_of_the_model_and_says_so()
    {
        Generation generation = SmallWorld.Train();
        var features = new CrossFeatures(generation.Catalog);
        var student = Student.Fit(Taught(generation.Catalog, features), new StudentOptions
        {
            Trees = new LambdaMartOptions { Trees = 20, Threads = 1, Tree = new TreeOptions { MaxDepth = 2 } },
        });
        var ledger = new AgreementLedger(new AgreementOptions { MinRequests = 3 });
        var cascade = new Cascade(
            [
                new CascadeTier("llm", new StudentReranker(student, features))
                {
                    Objection = _ => "No money is left this hour.",
                },
                new CascadeTier("student", new StudentReranker(student, features))
                {
                    Objection = _ => ledger.Objection("warm"),
                },
            ],
            TimeProvider.System);
        var recommender = new Recommender(
            generation, TimeProvider.System, new PipelineDefinition("default") { Reranker = cascade });
        var request = new RecommendRequest
        {
            UserId = "u3",
            Query = "garden",
            Session = [new SessionItem("i4"), new SessionItem("nobody knows it")],
        };

        Recommendation before = await recommender.RecommendAsync(request);
        for (int compared = 0; compared < 3; compared++)
        {
            ledger.Record("warm", student.Agreement with { TopOverlap = 0.9 });
        }

        Recommendation after = await recommender.RecommendAsync(request);

        Assert.Equal("base", before.Mode.Name);
        Assert.Contains("compared with the model on 0", before.Reason, StringComparison.Ordinal);
        Assert.Equal("cascade:student", after.Mode.Name);
        Assert.StartsWith(
            "llm: No money is left this hour. student: The student scored all", after.Reason, StringComparison.Ordinal);
    }

    /// <summary>A model that prefers gardens.</summary>
    private static StudentSample[] Taught(Catalog catalog, CrossFeatures features)
    {
        var random = new SeededRandom(1);
        return [.. Enumerable.Range(0, 20).Select(_ =>
        {
            int[] items = [.. Enumerable.Range(0, catalog.Count)];
            random.Shuffle(items.AsSpan());
            float[] scores = [.. items.Select(_ => (float)random.NextDouble())];
            return new StudentSample(
                features.Build(items, scores, items.AsSpan(0, 3), "garden"),
                [.. items.Select(item => item % 2 == 0 ? 1f : 0f)]);
        })];
    }
}
