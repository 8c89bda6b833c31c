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

        /// <summary>Looks up the grades that earlier requests brought, also those of another process.</summary>
        private async ValueTask RecallAsync(IReadOnlyList<Question> questions)
        {
            if (runner._grades is null || _keys is null || request.NoCache)
            {
                return;
            }

            int[] open =
            [
                .. questions.Where(question => question.Kind == QuestionKind.Grade)
                    .SelectMany(question => question.Candidates)
                    .Distinct()
                    .Where(candidate => !_known.ContainsKey(candidate)),
            ];
            try
            {
                CachedGrade?[] kept = await runner._grades.GetAsync(_keys.Context, [.. open.Select(_keys.Item)], stop);
                for (int place = 0; place < open.Length; place++)
                {
                    if (kept[place] is { } grade)
                    {
                        _known[open[place]] = grade.Grade;
                        _ = grade.Rationale is not null && _rationales.TryAdd(open[place], grade.Rationale);
                        report.KnownGrades++;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Time is up, which the planning finds out by itself.
            }
        }

        /// <summary>What has to be sent: grades that are known already are not asked for again.</summary>
        private List<Question> Unknown(IReadOnlyList<Question> questions)
        {
            if (_known.Count == 0 || runner._grades is null || request.NoCache)
            {
                return [.. questions];
            }

            var sent = new List<Question>(questions.Count);
            var open = new List<int>();
            int size = 1;
            int graded = 0;
            foreach (Question question in questions)
            {
                if (question.Kind != QuestionKind.Grade)
                {
                    sent.Add(question);
                    continue;
                }

                size = Math.Max(size, question.Candidates.Count);
                graded += question.Candidates.Count;
                open.AddRange(question.Candidates.Where(candidate => !_known.ContainsKey(candidate)));
            }

            if (open.Count == graded)
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
        private (List<QuestionCall> Asks, StopReason? Reason) Plan(List<Question> questions)
        {
            var asks = new List<QuestionCall>(questions.Count);
            StopReason? reason = null;
            int waves = 1;
            long tokens = 0;
            foreach (Question question in questions)
            {
                if (report.Calls + asks.Count >= maxCalls)
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

                asks.Add(new QuestionCall(asked, prompt));
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
                prompt.EstimatedTokens, (int)(prompt.MaxOutputTokens * share), ReturnQuantile);
            if (one * waves <= Left && one <= runner._options.CallTimeout)
            {
                return true;
            }

            // What is not tried is not learned.
            return waves == 1 && Left > TimeSpan.Zero && isHopeful;
        }
    }
}
