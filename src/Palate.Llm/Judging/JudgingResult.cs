namespace Palate.Llm;

/// <summary>What a model made of the candidates of one request.</summary>
/// <param name="Evidence">The base ranking with all judgments.</param>
/// <param name="Report">How the asking went.</param>
/// <param name="Usage">What it took.</param>
/// <param name="Verdict">What the strategy concludes.</param>
public sealed record JudgingResult(Evidence Evidence, RunReport Report, RerankUsage Usage, Verdict Verdict)
{
    /// <summary>
    /// The final score of each candidate, 0 to 1; without a judgment that of the base alone. An order that is final has the
    /// base in it already, and is taken as it is.
    /// </summary>
    public float[] Blend(Blend blend)
    {
        ArgumentNullException.ThrowIfNull(blend);
        if (Verdict.IsFinal)
        {
            float[] places = new float[Verdict.Order.Count];
            for (int place = 0; place < places.Length; place++)
            {
                places[Verdict.Order[place]] = 1 - (place / (float)Math.Max(1, places.Length - 1));
            }

            return places;
        }

        float[] utilities = [.. Evidence.Utilities.Select(utility => (float)utility)];
        return (HasJudgments ? blend : blend with { Alpha = 1 }).Scores(Evidence.BaseScores, utilities);
    }

    /// <summary>The reason that was given for a candidate; null when there is none.</summary>
    public string? Rationale(int candidate) => Evidence.Judgments
        .Select(judgment => judgment.Rationales.GetValueOrDefault(candidate))
        .LastOrDefault(reason => reason is not null);

    /// <summary>Whether a judgment has come at all.</summary>
    public bool HasJudgments => Evidence.Judgments.Count > 0;

    /// <summary>Whether everything that the strategy wanted to know was answered.</summary>
    public bool IsWhole =>
        Report.Stop is StopReason.Done or StopReason.Settled && Report.Answered - Report.Incomplete >= Report.Questions;

    /// <summary>
    /// <c>full</c>, <c>partial</c> or <c>base</c>, and why; <c>cascade:rules</c> when rules led in the model's place.
    /// </summary>
    public Mode Mode
    {
        get
        {
            string reason = Reason;
            return !Verdict.AsksModel ? Mode.Full(ReasonCode.Complete, reason)
                : !HasJudgments ? Verdict.IsFinal ? Mode.Cascade("rules", Code, reason) : Mode.Base(Code, reason)
                : IsWhole ? Mode.Full(Code, reason)
                : Mode.Partial(Code, reason);
        }
    }

    private string Code => Report.Stop switch
    {
        StopReason.Done => Report.Answered < Report.Questions || Report.Incomplete > 0
            ? ReasonCode.Incomplete : ReasonCode.Complete,
        StopReason.Settled => ReasonCode.Settled,
        StopReason.Deadline => ReasonCode.Deadline,
        StopReason.PredictedLate => ReasonCode.PredictedLate,
        StopReason.Tokens or StopReason.Money => ReasonCode.Budget,
        StopReason.Unavailable => ReasonCode.Unavailable,
        _ => ReasonCode.Limit,
    };

    private string Reason
    {
        get
        {
            if (!Verdict.AsksModel)
            {
                return Verdict.Reason;
            }

            string what = Verdict.IsFinal ? $"The model '{Usage.Model}' was asked {Report.Calls} times"
                : HasJudgments
                ? $"The model '{Usage.Model}' judged {Usage.Judged} of {Evidence.Candidates} candidates in {Report.Calls} calls"
                : "The model gave no judgment";
            string why = Report.Stop switch
            {
                StopReason.Done when Report.Answered < Report.Questions =>
                    $"{Report.Questions - Report.Answered} questions brought nothing usable",
                StopReason.Done when Report.Incomplete > 0 => $"{Report.Incomplete} replies left candidates out",
                StopReason.Done => "nothing was left to ask",
                StopReason.Settled => "the top was settled",
                StopReason.Deadline => "time ran out",
                StopReason.PredictedLate => "another call was not expected back in time",
                StopReason.Tokens => "the request's tokens ran out",
                StopReason.Money => "the money was used up",
                StopReason.Unavailable => "the model is not available",
                _ => "the limit of rounds or calls was reached",
            };
            string failure = Report.LastFailure is { } kind && !IsWhole ? $" (last failure: {ModelFailureText.Of(kind)})" : "";
            return $"{what}; {why}{failure}. {Verdict.Reason}".TrimEnd();
        }
    }
}
