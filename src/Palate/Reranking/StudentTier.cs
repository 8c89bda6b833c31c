namespace Palate;

/// <summary>Lets a student stand in for its teacher in a cascade, once they have agreed often enough.</summary>
/// <remarks>
/// The features of a generation's catalog are made in the background when its first request comes: a request waits for
/// them only as long as it has time. Thread-safe.
/// </remarks>
public sealed class StudentTier
{
    private readonly Student _student;
    private readonly AgreementLedger _ledger;
    private readonly int _candidates;
    private readonly Func<RerankContext, string?> _objection;
    private readonly int _top;

    /// <summary>A student with what is known of its agreement.</summary>
    /// <param name="student">The student.</param>
    /// <param name="ledger">How far it agreed with the teacher; is told of every request that both judged.</param>
    /// <param name="candidates">How many of the best candidates it was taught to judge, at least 2.</param>
    /// <param name="objection">What else keeps it from running, as a sentence; null for nothing.</param>
    /// <param name="top">How many places the agreement looks at.</param>
    public StudentTier(
        Student student,
        AgreementLedger ledger,
        int candidates,
        Func<RerankContext, string?>? objection = null,
        int top = 10)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        _student = student;
        _ledger = ledger;
        _candidates = candidates;
        _objection = objection ?? (_ => null);
        _top = top;
    }

    /// <summary>The student's name as a tier.</summary>
    public const string Name = "student";

    /// <summary>The tier, for the end of a cascade.</summary>
    public CascadeTier Tier => new(Name, new Pupil(this))
    {
        Objection = context => _objection(context) ?? _ledger.Objection(context.Segment),
    };

    /// <summary>The teacher, compared with the student whenever it answers.</summary>
    public IReranker Watch(IReranker teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        return new Watched(this, teacher);
    }

    private int[] Judged(Ranking ranking) => ranking.Order[..Math.Min(_candidates, ranking.Order.Length)];

    private sealed class Pupil(StudentTier tier) : IReranker
    {
        public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            ArgumentNullException.ThrowIfNull(context);
            CrossFeatures features = await CrossFeatures.OfAsync(context.Generation).WaitAsync(stop);
            RerankResult scored =
                await new StudentReranker(tier._student, features, tier._candidates).RerankAsync(context, stop);
            (int requests, double overlap) = tier._ledger.Of(context.Segment);
            return scored with
            {
                Mode = Mode.Full(scored.Mode.Code, FormattableString.Invariant(
                    $"{scored.Mode.Reason} On {requests} such requests it agreed with the model on {100 * overlap:F0} % of the top.")),
            };
        }
    }

    private sealed class Watched(StudentTier tier, IReranker teacher) : IReranker
    {
        public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            ArgumentNullException.ThrowIfNull(context);
            Task<CrossFeatures> features = CrossFeatures.OfAsync(context.Generation);
            RerankResult answer = await teacher.RerankAsync(context, stop);

            // Nobody waits for the features here: this is no part of the answer.
            if (answer.Scores.Length > 0 && features.IsCompletedSuccessfully)
            {
                int[] judged = tier.Judged(context.Ranking);
                float[] own = tier._student.Score(StudentReranker.Features(features.Result, context, judged));
                float[] taught = [.. judged.Select(candidate => answer.Scores[candidate])];
                tier._ledger.Record(context.Segment, Agreement.Between(own, taught, tier._top));
            }

            return answer;
        }
    }
}
