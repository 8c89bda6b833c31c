namespace Palate.Tests;

public sealed class StudentTests
{
    private const int Top = 5;
    private static readonly TrainingData Data = SmallWorld.Data();
    private static readonly CrossFeatures Features = new(Data.Catalog);

    private static readonly StudentOptions Quick = new()
    {
        Top = Top,
        Trees = new LambdaMartOptions
        {
            Trees = 40,
            LearningRate = 0.15f,
            Threads = 1,
            Tree = new TreeOptions { MaxDepth = 3, MinChildSamples = 5 },
            LambdaRank = new LambdaRankOptions { Gain = LabelGain.Label },
        },
    };

    [Fact]
    public void A_student_learns_to_agree_with_a_model_that_judges_by_what_it_can_see()
    {
        var student = Student.Fit(Judged(120, seed: 1, readsText: true), Quick);

        Agreement baseline = Mean(Judged(60, seed: 2, readsText: true), sample => sample.Features[0].ToArray());
        Agreement learned = Mean(Judged(60, seed: 2, readsText: true), sample => student.Score(sample.Features));
        Assert.True(
            learned.TopOverlap > baseline.TopOverlap + 0.2,
            $"The student shares {learned.TopOverlap:F2} of the top, the base {baseline.TopOverlap:F2}.");
        Assert.InRange(learned.TopOverlap, 0.6, 1);
        Assert.Equal(learned.TopOverlap, student.Agreement.TopOverlap, 0.15);
        Assert.Equal(96, student.Requests);
    }

    [Fact]
    public void The_agreement_with_a_model_that_judges_by_chance_is_low_and_said_so()
    {
        var student = Student.Fit(Judged(120, seed: 3, readsText: false), Quick);

        Assert.InRange(student.Agreement.TopOverlap, 0, 0.45);
        Assert.InRange(student.Agreement.Tau, -0.15, 0.15);
    }

    [Fact]
    public void Requests_without_an_order_teach_nothing_and_too_few_are_refused()
    {
        StudentSample flat = Judged(1, 1, true)[0] with { Utilities = new float[20] };

        Assert.Throws<ArgumentException>(() => Student.Fit([.. Enumerable.Repeat(flat, 50)], Quick));
        Assert.Throws<ArgumentException>(() => Student.Fit(Judged(9, 1, true), Quick));
    }

    [Fact]
    public void A_student_survives_its_file_and_damage_is_noticed()
    {
        var student = Student.Fit(Judged(30, seed: 1, readsText: true), Quick);
        using var memory = new MemoryStream();
        student.Save(new BinaryWriter(memory));
        byte[] bytes = memory.ToArray();

        var loaded = Student.Load(new BinaryReader(new MemoryStream(bytes)));

        FeatureMatrix features = Judged(1, 5, true)[0].Features;
        Assert.Equal(student.Score(features), loaded.Score(features));
        Assert.Equal(student.Agreement, loaded.Agreement);
        bytes[^7] ^= 1;
        Assert.Throws<InvalidDataException>(() => Student.Load(new BinaryReader(new MemoryStream(bytes))));
    }

    [Fact]
    public void A_student_may_stand_in_after_enough_agreement_and_no_longer_when_it_fades()
    {
        var ledger = new AgreementLedger(new AgreementOptions { MinRequests = 10, Needed = 0.7, Weight = 0.2 });

        Assert.Contains("compared", ledger.Objection("warm")!, StringComparison.Ordinal);
        Record(ledger, 9, 0.9);
        Assert.NotNull(ledger.Objection("warm"));
        Record(ledger, 1, 0.9);
        Assert.Null(ledger.Objection("warm"));
        Assert.NotNull(ledger.Objection("cold"));
        Record(ledger, 10, 0.2);
        Assert.Contains("agrees", ledger.Objection("warm")!, StringComparison.Ordinal);
        Assert.Equal((20, 0.275), (ledger.Of("warm").Requests, Math.Round(ledger.Of("warm").Overlap, 3)));
    }

    [Fact]
    public void The_mean_of_the_first_requests_counts_them_alike()
    {
        var ledger = new AgreementLedger();
        ledger.Record("", new Agreement(0, 1));
        ledger.Record("", new Agreement(0, 0.5));
        ledger.Record("", new Agreement(0, 0));

        Assert.Equal(0.5, ledger.Of("").Overlap, 9);
    }

    [Fact]
    public void Agreement_has_its_known_values()
    {
        Assert.Equal(new Agreement(1, 1), Agreement.Between([3, 2, 1], [30, 20, 10], 2));
        Assert.Equal(new Agreement(-1, 0.5), Agreement.Between([3, 2, 1], [1, 2, 3], 2));
        Assert.Equal(0, Agreement.Between([3, 2, 1], [1, 1, 1], 1).Tau);
        Assert.Equal(new Agreement(1, 1), Agreement.Between([1, 1], [2, 2], 1));
        Assert.Equal(new Agreement(1, 1), Agreement.Between([], [], 3));
        Assert.Equal(1.0 / 3, Agreement.Between([3, 2, 1], [3, 1, 2], 3).Tau, 9);
    }

    [Theory]
    [InlineData(0, 0.5, 0.1)]
    [InlineData(5, 1.5, 0.1)]
    [InlineData(5, 0.5, 0)]
    public void Agreement_options_out_of_their_limits_are_refused(int requests, double needed, double weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AgreementLedger(
            new AgreementOptions { MinRequests = requests, Needed = needed, Weight = weight }));

    private static void Record(AgreementLedger ledger, int requests, double overlap)
    {
        for (int request = 0; request < requests; request++)
        {
            ledger.Record("warm", new Agreement(0, overlap));
        }
    }

    private static Agreement Mean(StudentSample[] samples, Func<StudentSample, float[]> score)
    {
        Agreement[] all = [.. samples.Select(sample => Agreement.Between(score(sample), sample.Utilities, Top))];
        return new Agreement(all.Average(each => each.Tau), all.Average(each => each.TopOverlap));
    }

    /// <summary>Requests with a weak base, judged by a model that prefers what is like the history, or by chance.</summary>
    private static StudentSample[] Judged(int requests, ulong seed, bool readsText)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, requests).Select(_ =>
        {
            int[] all = [.. Enumerable.Range(0, SmallWorld.Items)];
            random.Shuffle(all.AsSpan());
            int taste = random.Next(2);
            int[] items = all[..20];
            int[] history = [.. all[20..].Where(item => item % 2 == taste).Take(5).Order()];
            float[] scores = [.. items.Select(_ => (float)random.NextNormal())];
            float[] utilities = [.. items.Select((item, candidate) => readsText
                ? (item % 2 == taste ? 2 : 0) + 0.5f * scores[candidate] + 0.2f * (float)random.NextNormal()
                : (float)random.NextNormal())];
            return new StudentSample(Features.Build(items, scores, history, null), utilities);
        })];
    }
}
