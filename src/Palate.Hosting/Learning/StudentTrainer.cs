using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>Teaches a student what a model, as far as it is trusted, made of requests.</summary>
internal static class StudentTrainer
{
    private const int Least = 10;

    /// <summary>Teaches every pipeline's student from the requests that its first model judged while it served.</summary>
    public static IReadOnlyList<Report> TeachAll(Home home, ProviderRegistry providers, CancellationToken stop)
    {
        using var pipelines = HomePipelines.Open(home, TimeProvider.System, providers);
        using SqliteStore store = home.OpenStore();
        return
        [
            .. pipelines.Teachers.Select(tier => new Report(
                tier.Pipeline, tier.Model, Teach(home, tier, tier.Reliance, store.Judgments(tier.Pipeline, tier.Model), stop))),
        ];
    }

    /// <summary>Teaches and writes down; a model that nobody follows has no student.</summary>
    /// <remarks>
    /// The lesson is the blended order and not the bare judgment, so the student's answer needs no blending. Its ledger of
    /// agreement begins with the requests that did not teach.
    /// </remarks>
    /// <param name="home">The home.</param>
    /// <param name="tier">The teacher.</param>
    /// <param name="reliance">How far the teacher is followed.</param>
    /// <param name="judged">What it judged, oldest first.</param>
    /// <param name="stop">Cancels.</param>
    public static Outcome Teach(
        Home home, HomePipelines.Tier tier, Reliance reliance, IReadOnlyList<JudgedRequest> judged, CancellationToken stop)
    {
        (StudentSample Sample, string Segment)[] lessons =
        [
            .. judged
                .Select(request => (request, Blend: reliance.BlendOf(request.Segment)))
                .Where(request => request.Blend.Alpha < 1)
                .Select(request => (
                    new StudentSample(
                        request.request.Features,
                        request.Blend.Scores(request.request.BaseScores, request.request.Utilities)),
                    request.request.Segment))
                .Where(lesson => lesson.Item1.Utilities.Distinct().Count() > 1),
        ];
        if (lessons.Length < Least)
        {
            return new Outcome(false, lessons.Length, null, null)
            {
                Reason = $"{lessons.Length} requests have an order of a model that is followed to learn from; {Least} are needed.",
            };
        }

        var options = new StudentOptions();
        var student = Student.Fit([.. lessons.Select(lesson => lesson.Sample)], options, stop);
        var ledger = new AgreementLedger();
        foreach ((StudentSample sample, string segment) in lessons[student.Requests..])
        {
            ledger.Record(segment, Agreement.Between(student.Score(sample.Features), sample.Utilities, options.Top));
        }

        StudentFile.Write(home, tier.Pipeline, tier.Model, new StudentFile.Taught(student, ledger, tier.Candidates));
        return new Outcome(true, student.Requests, student.Agreement, lessons.Length - student.Requests)
        {
            Reason = ledger.Objection(lessons[^1].Segment) ?? "It may stand in for the model from now on.",
        };
    }

    /// <summary>What became of the student of a pipeline's first model.</summary>
    internal sealed record Report(string Pipeline, string Model, Outcome Student);

    /// <summary>What became of a student.</summary>
    /// <param name="IsWritten">Whether it joins the pipeline.</param>
    /// <param name="Requests">How many requests taught.</param>
    /// <param name="Agreement">How far it agrees with its teacher on the others; null when it was not taught.</param>
    /// <param name="Compared">How many the others are.</param>
    internal sealed record Outcome(bool IsWritten, int Requests, Agreement? Agreement, int? Compared)
    {
        /// <summary>Whether it may stand in already, in a sentence.</summary>
        public string Reason { get; init; } = "";
    }
}
