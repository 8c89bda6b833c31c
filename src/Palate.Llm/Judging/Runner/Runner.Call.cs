using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <content>One call: how it is made, how its reply comes in, and what is learned from how it went.</content>
internal sealed partial class Runner
{
    // After all that was wanted has come, a model may add this many pieces (closing brackets, usage) before it is cut off.
    private const int PiecesAfterComplete = 8;

    private sealed partial class Run
    {
        /// <summary>Makes one call and hands it over when it has ended, well or not; never throws.</summary>
        private async Task CallAsync(QuestionCall ask, ChannelWriter<QuestionCall> arrived)
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
                bool isStreamed = ask.Question.Candidates.Count > 2 &&
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

        private void Learn(QuestionCall ask, TimeSpan took)
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

        private async Task RespondAsync(QuestionCall ask, ChatOptions options, CancellationToken stop)
        {
            ChatResponse response = await runner._chat.GetResponseAsync(ask.Prompt.Messages, options, stop);
            ask.Append(response.Text);
            ask.Take(TokenProbability.Of(response));
            ask.Usage = response.Usage;
            ask.Model = response.ModelId ?? "";
        }

        private async Task StreamAsync(QuestionCall ask, ChatOptions options, CancellationToken stop)
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

        private CallContext Context(QuestionCall ask) => new()
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
    }
}
