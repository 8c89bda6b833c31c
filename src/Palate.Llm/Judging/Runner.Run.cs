using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <content>The asking for one request, round by round.</content>
internal sealed partial class Runner
{
    // After all that was wanted has come, a model may add this many pieces (closing brackets, usage) before it is cut off.
    private const int PiecesAfterComplete = 8;

    // So many calls are made before the latency is taken for known.
    private const int HopefulCalls = 16;

    // Of so many requests of which nothing is expected back in time one asks all the same: the model may have become faster.
    private const int RequestsPerProbe = 8;

    private bool IsHopeful() =>
        _latency.Observations < HopefulCalls || (uint)Volatile.Read(ref _refusals) % RequestsPerProbe == RequestsPerProbe - 1;

    private sealed class Run(
        Runner runner,
        Evidence evidence,
        RerankRequest request,
        RequestBudget budget,
        long deadline,
        RunReport report,
        bool isHopeful,
        CancellationToken stop)
    {
        private readonly Dictionary<int, double> _known = [];
        private readonly Dictionary<int, string> _rationales = [];
        private readonly GradeKeys? _keys =
            runner._grades is null ? null : new GradeKeys(request, runner._prompts.Template, runner._modelName);

        private int _failuresInARow;

        private TimeSpan Left => runner._time.GetElapsedTime(runner._time.GetTimestamp(), deadline);

        /// <summary>Asks one round.</summary>
        /// <returns>Why asking has to end; null when it may go on.</returns>
        public async Task<StopReason?> AskAsync(IReadOnlyList<Question> questions)
        {
            report.Rounds++;
            report.Questions += questions.Count;
            List<Question> toSend = Unknown(questions);
            (List<Ask> asks, StopReason? reason) = Plan(toSend);
            if (report.Rounds == 1 && toSend.Count > 0 && (asks.Count == 0 ? reason == StopReason.Deadline : isHopeful))
            {
                Interlocked.Increment(ref runner._refusals);
            }

            var arrived = Channel.CreateUnbounded<Ask>(new UnboundedChannelOptions { SingleReader = true });
            var open = new HashSet<Ask>();
            var waiting = new Queue<Ask>(asks);
            while (true)
            {
                while (open.Count < runner._options.Concurrency && waiting.TryDequeue(out Ask? next))
                {
                    if (!Fits(next.Prompt))
                    {
                        reason ??= StopReason.Deadline;
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
                    foreach (Ask unfinished in open)
                    {
                        Read(unfinished, isFinal: false);
                    }

                    reason = StopReason.Deadline;
                    break;
                }

                while (arrived.Reader.TryRead(out Ask? ask))
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
                    return (asks, StopReason.Deadline);
                }

                tokens += prompt.EstimatedTokens + prompt.MaxOutputTokens;
                if (tokens > budget.RemainingTokens)
                {
                    return (asks, StopReason.Tokens);
                }

                if (!ReferenceEquals(asked, question))
                {
                    reason = StopReason.Deadline;
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

        // The channel is closed when time is up: an exception would cost 10 us, and 10 ms when it is the process's first.
        // What is told of the end last is told first, so that the calls, which end by exceptions, do not hold this up.
        private async ValueTask<bool> ArrivesAsync(Channel<Ask> arrived)
        {
            using CancellationTokenRegistration over = stop.UnsafeRegister(
                static writer => ((ChannelWriter<Ask>)writer!).TryComplete(), arrived.Writer);
            return await arrived.Reader.WaitToReadAsync(CancellationToken.None);
        }

        /// <summary>Makes one call and hands it over when it has ended, well or not; never throws.</summary>
        private async Task CallAsync(Ask ask, ChannelWriter<Ask> arrived)
        {
            report.Calls++;
            long start = runner._time.GetTimestamp();
            ChatOptions options = Options(ask.Prompt, ask.IsSecond);
            Context(ask).AddTo(options);
            try
            {
                // The request's own time is up first, nearly always; then no other clock is needed.
                using CancellationTokenSource? late = Left > runner._options.CallTimeout
                    ? new CancellationTokenSource(runner._options.CallTimeout, runner._time)
                    : null;
                using CancellationTokenSource? either = late is null
                    ? null
                    : CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
                CancellationToken over = either?.Token ?? stop;
                bool isStreamed = runner._options.Stream && ask.Question.Candidates.Count > 2 &&
                    ask.Prompt.TopLogProbabilities == 0;
                await (isStreamed ? StreamAsync(ask, options, over) : RespondAsync(ask, options, over));
                Learn(ask, runner._time.GetElapsedTime(start));
            }
            catch (ModelCallException failure)
            {
                ask.Failure = failure;
            }
            catch (OperationCanceledException)
            {
                ask.Failure = new ModelCallException(ModelCallFailure.Timeout, "The call took too long.");
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Any chat client can be plugged in; whatever it throws is a failed call and not a failed request.
                ask.Failure = new ModelCallException(ModelCallFailure.Network, failure.Message, null, failure);
            }

            arrived.TryWrite(ask);
        }

        private void Learn(Ask ask, TimeSpan took)
        {
            if (ask.Usage?.InputTokenCount is > 0 and var reported)
            {
                runner._estimator.Observe(ask.Prompt.Features, reported);
            }

            int output = (int)(ask.Usage?.OutputTokenCount ?? runner._estimator.Estimate(ask.Text));
            if (ask.Prompt.MaxOutputTokens > 0)
            {
                ref double share = ref runner._replyShares[(int)ask.Question.Kind];
                double old = Volatile.Read(ref share);
                double now = Math.Min(1, (double)output / ask.Prompt.MaxOutputTokens);
                Volatile.Write(ref share, old + ((now - old) / 20));
            }

            if (!runner._isMeasured)
            {
                runner._latency.Observe(
                    (int)(ask.Usage?.InputTokenCount ?? ask.Prompt.EstimatedTokens),
                    (int)(ask.Usage?.CachedInputTokenCount ?? 0),
                    output,
                    took);
            }
        }

        private async Task RespondAsync(Ask ask, ChatOptions options, CancellationToken stop)
        {
            ChatResponse response = await runner._chat.GetResponseAsync(ask.Prompt.Messages, options, stop);
            ask.Append(response.Text);
            ask.Take(TokenProbability.Of(response));
            ask.Usage = response.Usage;
            ask.Model = response.ModelId ?? "";
        }

        private async Task StreamAsync(Ask ask, ChatOptions options, CancellationToken stop)
        {
            int more = PiecesAfterComplete;
            bool isComplete = false;
            await foreach (ChatResponseUpdate update in
                runner._chat.GetStreamingResponseAsync(ask.Prompt.Messages, options, stop))
            {
                ask.Model = update.ModelId ?? ask.Model;
                bool isClosed = false;
                IList<AIContent> contents = update.Contents;
                for (int at = 0; at < contents.Count; at++)
                {
                    if (contents[at] is UsageContent usage)
                    {
                        ask.Usage = usage.Details;
                    }
                    else if (contents[at] is TextContent piece)
                    {
                        ask.Append(piece.Text);
                        isClosed |= piece.Text.AsSpan().IndexOfAny("]}") >= 0;
                    }
                }

                isComplete = isComplete || (isClosed && ask.Parse(isFinal: false).IsComplete);
                if (isComplete && --more <= 0)
                {
                    return;
                }
            }
        }

        // A second try with nothing changed would bring the same reply from a model that repeats itself.
        private static ChatOptions Options(Prompt prompt, bool isSecond) => new()
        {
            Temperature = 0,
            Seed = isSecond ? 1 : null,
            MaxOutputTokens = prompt.MaxOutputTokens > 0 ? prompt.MaxOutputTokens : null,
            ResponseFormat = prompt.Schema is { } schema ? ChatResponseFormat.ForJsonSchema(schema, "reply") : null,
        };

        private CallContext Context(Ask ask) => new()
        {
            Pipeline = request.Pipeline,
            Tenant = request.Tenant,
            Variant = request.Variant,
            TemplateHash = ask.Prompt.TemplateHash,
            PrefixHash = ask.Prompt.PrefixHash,
            SharedPrefixBytes = ask.Prompt.SharedPrefixBytes,
            EstimatedTokens = ask.Prompt.EstimatedTokens,
            TopLogProbabilities = ask.Prompt.TopLogProbabilities,
            Deadline = Math.Min(
                deadline,
                runner._time.GetTimestamp()
                    + (long)(runner._options.CallTimeout.TotalSeconds * runner._time.TimestampFrequency)),
            Budget = budget,
            Repeat = ask.Question.Repeat,
            NoCache = request.NoCache || ask.IsSecond,
            NoStore = request.NoStore,
        };

        /// <summary>Adds what a call brought; returns the second try, when there should be one.</summary>
        private Ask? Read(Ask ask, bool isFinal)
        {
            report.PromptTokens += ask.Usage?.InputTokenCount ?? ask.Prompt.EstimatedTokens;
            report.CachedTokens += ask.Usage?.CachedInputTokenCount ?? 0;
            report.OutputTokens += ask.Usage?.OutputTokenCount ?? runner._estimator.Estimate(ask.Text);
            report.Model = ask.Model.Length > 0 ? ask.Model : report.Model;
            if (ask.Failure is { } failure)
            {
                report.Count(failure.Kind);
                report.LastFailure = failure.Message;
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
            return isUnreadable && runner._options.ReAsk && !ask.IsSecond && Fits(ask.Prompt)
                ? new Ask(ask.Question, ask.Prompt) { IsSecond = true }
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
