namespace Palate.Llm;

/// <content>The planning of a round: what is known already, what can be paid for, and what can be back in time.</content>
internal sealed partial class Runner
{
    // So many calls are made before the latency is taken for known.
    private const int HopefulCalls = 16;

    // Of so many requests of which nothing is expected back in time one asks all the same: the model may have become faster.
    private const int RequestsPerProbe = 8;

    private bool IsHopeful() =>
        _latency.Observations < HopefulCalls || (uint)Volatile.Read(ref _refusals) % RequestsPerProbe == RequestsPerProbe - 1;

    private sealed partial class Run
    {
        private StopReason TooLate => Left > TimeSpan.Zero ? StopReason.PredictedLate : StopReason.Deadline;

        private TimeSpan Left => runner._time.GetElapsedTime(runner._time.GetTimestamp(), deadline);

        /// <summary>What has to be sent: grades that are known already are not asked for again.</summary>
        private List<Question> Unknown(IReadOnlyList<Question> questions)
        {
            if (runner._grades is null || _keys is null || request.NoCache)
            {
                return [.. questions];
            }

            var sent = new List<Question>(questions.Count);
            var open = new List<int>();
            int size = 1;
            bool isAnyKnown = false;
            foreach (Question question in questions)
            {
                if (question.Kind != QuestionKind.Grade)
                {
                    sent.Add(question);
                    continue;
                }

                size = Math.Max(size, question.Candidates.Count);
                foreach (int candidate in question.Candidates)
                {
                    if (_known.ContainsKey(candidate))
                    {
                        isAnyKnown = true;
                    }
                    else if (runner._grades.TryGet(_keys.Context, _keys.Item(candidate)) is { } kept)
                    {
                        _known[candidate] = kept.Grade;
                        _ = kept.Rationale is not null && _rationales.TryAdd(candidate, kept.Rationale);
                        report.KnownGrades++;
                        isAnyKnown = true;
                    }
                    else
                    {
                        open.Add(candidate);
                    }
                }
            }

            if (!isAnyKnown)
            {
                return [.. questions];
            }

            // What is left over of several batches goes together again.
            foreach (int[] batch in open.Distinct().Chunk(size))
            {
                sent.Add(new Question(QuestionKind.Grade, batch));
            }

            return sent;
        }

        /// <summary>Renders what can be paid for and return in time; the first questions matter most.</summary>
        private (List<Ask> Asks, StopReason? Reason) Plan(List<Question> questions)
        {
            var asks = new List<Ask>(questions.Count);
            StopReason? reason = null;
            int waves = 1;
            long tokens = 0;
            foreach (Question question in questions)
            {
                if (report.Calls + asks.Count >= runner._options.MaxCalls)
                {
                    return (asks, StopReason.Bounds);
                }

                Question? asked = question;
                Prompt prompt = runner._prompts.Render(asked, request);
                while (asked is not null && !Fits(prompt, waves))
                {
                    asked = Shrunk(asked);
                    prompt = asked is null ? prompt : runner._prompts.Render(asked, request);
                }

                if (asked is null)
                {
                    return (asks, TooLate);
                }

                tokens += prompt.EstimatedTokens + prompt.MaxOutputTokens;
                if (tokens > budget.RemainingTokens)
                {
                    return (asks, StopReason.Tokens);
                }

                if (!ReferenceEquals(asked, question))
                {
                    reason = TooLate;
                }

                asks.Add(new Ask(asked, prompt));
                waves = 1 + (asks.Count / runner._options.Concurrency);
            }

            return (asks, reason);
        }

        /// <summary>The first half of a question that is too long for the time that is left; null when none is left.</summary>
        private static Question? Shrunk(Question question)
        {
            int count = question.Candidates.Count / 2;
            bool isDivisible = question.Kind is QuestionKind.Grade or QuestionKind.Order or QuestionKind.Choose;
            return isDivisible && count >= (question.Kind == QuestionKind.Grade ? 1 : 2)
                ? new Question(
                    question.Kind,
                    [.. question.Candidates.Take(count)],
                    Math.Min(question.Wanted, count),
                    question.Instruction,
                    question.Repeat,
                    question.IsBrief)
                : null;
        }

        private bool Fits(Prompt prompt, int waves = 1)
        {
            double share = Volatile.Read(ref runner._replyShares[(int)prompt.Question.Kind]);
            TimeSpan one = runner._latency.Predict(
                prompt.EstimatedTokens, (int)(prompt.MaxOutputTokens * share), runner._options.ReturnQuantile);
            if (one * waves <= Left && one <= runner._options.CallTimeout)
            {
                return true;
            }

            // What is not tried is not learned.
            return waves == 1 && Left > TimeSpan.Zero && isHopeful;
        }
    }
}
