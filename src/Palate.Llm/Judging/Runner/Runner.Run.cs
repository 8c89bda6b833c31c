using System.Threading.Channels;

namespace Palate.Llm;

/// <content>The asking for one request, round by round.</content>
internal sealed partial class Runner
{
    private sealed partial class Run(
        Runner runner,
        Evidence evidence,
        RerankRequest request,
        RequestBudget budget,
        long deadline,
        RunReport report,
        int maxCalls,
        bool isHopeful,
        CancellationToken stop)
    {
        private readonly Dictionary<int, double> _known = [];
        private readonly Dictionary<int, string> _rationales = [];
        private readonly GradeKeys? _keys =
            runner._grades is null ? null : new GradeKeys(request, runner._prompts.Template, runner._modelName);

        private int _failuresInARow;

        /// <summary>Asks one round.</summary>
        /// <returns>Why asking has to end; null when it may go on.</returns>
        public async Task<StopReason?> AskAsync(IReadOnlyList<Question> questions)
        {
            report.Rounds++;
            report.Questions += questions.Count;
            await RecallAsync(questions);
            List<Question> toSend = Unknown(questions);
            (List<QuestionCall> asks, StopReason? reason) = Plan(toSend);
            if (report.Rounds == 1 && toSend.Count > 0 && (asks.Count == 0 ? reason is StopReason.Deadline or StopReason.PredictedLate : isHopeful))
            {
                Interlocked.Increment(ref runner._refusals);
            }

            var arrived = Channel.CreateUnbounded<QuestionCall>(new UnboundedChannelOptions { SingleReader = true });
            var open = new HashSet<QuestionCall>();
            var waiting = new Queue<QuestionCall>(asks);
            while (true)
            {
                while (open.Count < runner._options.Concurrency && waiting.TryDequeue(out QuestionCall? next))
                {
                    if (!Fits(next.Prompt))
                    {
                        reason ??= TooLate;
                        continue;
                    }

                    open.Add(next);
                    _ = CallAsync(next, arrived.Writer);
                }

                if (open.Count == 0)
                {
                    break;
                }

                if (!await ArrivesAsync(arrived))
                {
                    foreach (QuestionCall unfinished in open)
                    {
                        Read(unfinished, isFinal: false);
                    }

                    reason = StopReason.Deadline;
                    break;
                }

                while (arrived.Reader.TryRead(out QuestionCall? ask))
                {
                    open.Remove(ask);
                    if (Read(ask, isFinal: true) is { } second)
                    {
                        waiting.Enqueue(second);
                    }

                    if (ask.Failure is { Kind: ModelCallFailure.Budget })
                    {
                        reason ??= StopReason.Money;
                        waiting.Clear();
                    }
                    else if (ask.Failure is { Kind: ModelCallFailure.BreakerOpen or ModelCallFailure.Rejected })
                    {
                        reason ??= StopReason.Unavailable;
                        waiting.Clear();
                    }
                }
            }

            Settle(questions);
            return reason ?? (_failuresInARow >= 3 * runner._options.Concurrency ? StopReason.Unavailable : null);
        }

        // The channel is closed when time is up: an exception would cost 10 us, and 10 ms when it is the process's first.
        // What is told of the end last is told first, so that the calls, which end by exceptions, do not hold this up.
        private async ValueTask<bool> ArrivesAsync(Channel<QuestionCall> arrived)
        {
            using CancellationTokenRegistration over = stop.UnsafeRegister(
                static writer => ((ChannelWriter<QuestionCall>)writer!).TryComplete(), arrived.Writer);
            return await arrived.Reader.WaitToReadAsync(CancellationToken.None);
        }

        /// <summary>Adds what a call brought; returns the second try, when there should be one.</summary>
        private QuestionCall? Read(QuestionCall ask, bool isFinal)
        {
            report.PromptTokens += ask.Usage?.InputTokenCount ?? ask.Prompt.EstimatedTokens;
            report.CachedTokens += ask.Usage?.CachedInputTokenCount ?? 0;
            report.OutputTokens += ask.Usage?.OutputTokenCount ?? runner._estimator.Estimate(ask.Text);
            report.Model = ask.Model.Length > 0 ? ask.Model : report.Model;
            if (ask.Failure is { } failure)
            {
                report.Count(failure.Kind);
                report.LastFailure = failure.Kind;
                _failuresInARow++;
            }
            else
            {
                _failuresInARow = 0;
            }

            ParsedReply reply = ask.Parse(isFinal && ask.Failure is null);
            if (ask.Failure is null || ask.Text.Length > 0)
            {
                report.Count(reply.Class);
            }

            if (reply.Judgment is { } judgment)
            {
                Take(judgment);
                return null;
            }

            bool isUnreadable = isFinal && ask.Failure is null &&
                reply.Class is ReplyClass.WrongFormat or ReplyClass.Empty or ReplyClass.Truncated;
            return isUnreadable && !ask.IsSecond && Fits(ask.Prompt)
                ? new QuestionCall(ask.Question, ask.Prompt) { IsSecond = true }
                : null;
        }

        private void Take(Judgment judgment)
        {
            if (!judgment.IsGraded)
            {
                evidence.Add(judgment);
                return;
            }

            foreach ((int candidate, string rationale) in judgment.Rationales)
            {
                _rationales[candidate] = rationale;
            }

            // Grades are kept one by one: the questions of the strategy may have been sent in other batches.
            for (int place = 0; place < judgment.Grades.Count; place++)
            {
                double grade = judgment.Grades[place];
                int candidate = judgment.Question.Candidates[place];
                if (double.IsNaN(grade))
                {
                    continue;
                }

                _known[candidate] = grade;
                if (judgment.Question.Kind == QuestionKind.Grade && !request.NoStore)
                {
                    runner._grades?.Put(
                        _keys!.Context,
                        _keys.Item(candidate),
                        new CachedGrade(grade, _rationales.GetValueOrDefault(candidate)));
                }
            }
        }

        private Dictionary<int, string> RationalesOf(Question question) => question.Candidates
            .Where(_rationales.ContainsKey)
            .ToDictionary(candidate => candidate, candidate => _rationales[candidate]);

        /// <summary>Closes the round: every question of the strategy is answered or has failed.</summary>
        private void Settle(IReadOnlyList<Question> questions)
        {
            foreach (Question question in questions)
            {
                if (question.Kind is QuestionKind.Grade or QuestionKind.YesNo)
                {
                    double[] grades =
                        [.. question.Candidates.Select(candidate => _known.GetValueOrDefault(candidate, double.NaN))];
                    if (!grades.All(double.IsNaN))
                    {
                        report.Answered++;
                        report.Incomplete += grades.Any(double.IsNaN) ? 1 : 0;
                        evidence.Add(Judgment.Graded(question, grades).Explained(RationalesOf(question)));
                        continue;
                    }
                }

                if (evidence.Answer(question) is { } judgment)
                {
                    report.Answered++;
                    report.Incomplete +=
                        judgment.Named.Count < question.Wanted && question.Kind != QuestionKind.FirstToken ? 1 : 0;
                }
                else if (!evidence.WasAsked(question))
                {
                    evidence.AddFailure(question);
                }
            }
        }
    }
}
