using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Palate.Hosting;
using Palate.Llm;
using Palate.Storage;

namespace Palate.Cli;

/// <summary>Whether the models of a home answer, and what was learned of them.</summary>
internal static class ModelChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly ChatResponseFormat Form = ChatResponseFormat.ForJsonSchema(
        JsonElement.Parse("""
            {"type":"object","properties":{"winner":{"type":"string"}},"required":["winner"],"additionalProperties":false}
            """),
        "reply");

    private static readonly ChatMessage[] Prompt =
    [
        new(ChatRole.System, "You compare two items. Reply with JSON: {\"winner\":\"A1\"} or {\"winner\":\"A2\"}."),
        new(ChatRole.User, """
            <query>tea pot</query>
            <candidates>
            [A1] Tea pot
            [A2] Bicycle
            </candidates>
            <question>Which fits better: [A1] [A2]?</question>
            """),
    ];

    /// <summary>Looks at every declared model and pipeline; with calls, each model is asked one small question.</summary>
    /// <param name="path">The home's folder.</param>
    /// <param name="isCalling">Whether models are called; a paid one costs a few tokens.</param>
    /// <param name="stop">Cancels.</param>
    public static async Task<IReadOnlyList<Finding>> OfAsync(string path, bool isCalling, CancellationToken stop)
    {
        if (!Directory.Exists(path))
        {
            return [];
        }

        List<Finding> findings = [];
        HomeSettings declared;
        try
        {
            declared = HomeConfiguration.Read(Home.Open(path));
        }
        catch (ConfigurationException wrong)
        {
            return [Finding.Error("settings", wrong.Problem, wrong.Remedy)];
        }
        catch (StoreException wrong)
        {
            return [Finding.Error("settings", wrong.Message, "Mend what the message names.")];
        }

        if (declared.Models.Count == 0)
        {
            return [];
        }

        try
        {
            using var models = HomeModels.Open(path, TimeProvider.System, ToolProviders.All);
            foreach ((string name, ModelSettings settings) in models.Settings.Models)
            {
                findings.AddRange(await ModelAsync(models, name, settings, isCalling, stop));
            }

            findings.AddRange(Pipelines(Home.Open(path)));
        }
        catch (StoreException)
        {
            findings.Add(Finding.Warning(
                "models", "The models were not looked at, as the database cannot be used.", "Mend the database first."));
        }
        catch (InvalidDataException damaged)
        {
            findings.Add(Finding.Error("trust", damaged.Message, "Run 'palate train --trust 300' again."));
        }

        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> ModelAsync(
        HomeModels models, string name, ModelSettings settings, bool isCalling, CancellationToken stop)
    {
        string check = $"model {name}";
        List<Finding> findings = [];
        if (models.PriceOf(settings) is null && models.IsPaid(settings))
        {
            findings.Add(Finding.Error(
                check,
                $"'{settings.Model}' of {settings.Provider} has no price, so nothing that it costs could be counted.",
                $"Add it under prices in palate.yaml: {settings.Model}: {{ input: 0.15, output: 0.6 }}, in dollars per million tokens."));
        }

        try
        {
            Func<CancellationToken, Task<string>> call = models.IsRerankApi(name)
                ? Scoring(models.RerankApi(name))
                : Answering(models.Connect(name));
            if (isCalling)
            {
                findings.Add(await CallAsync(check, settings, call, stop));
            }
            else
            {
                findings.Add(Finding.Ok(check, $"{settings.Provider} {settings.Model} is configured; it was not called."));
            }
        }
        catch (ConfigurationException wrong)
        {
            if (findings.Count == 0)
            {
                findings.Add(Finding.Error(check, wrong.Problem, wrong.Remedy));
            }
        }

        return findings;
    }

    private static async Task<Finding> CallAsync(
        string check, ModelSettings settings, Func<CancellationToken, Task<string>> call, CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        long start = time.GetTimestamp();
        try
        {
            string found = await call(either.Token).WaitAsync(either.Token);
            return Finding.Ok(check, string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Provider} {settings.Model} answered in {time.GetElapsedTime(start).TotalMilliseconds:N0} ms; {found}."));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Finding.Error(
                check,
                string.Create(CultureInfo.InvariantCulture, $"{settings.Provider} {settings.Model} gave no answer in {Patience.TotalSeconds:N0} s."),
                "Check the server and its load; a pipeline falls back to its base order until it answers.");
        }
        catch (ModelCallException failure)
        {
            return Finding.Error(check, failure.Message, Remedy(failure.Kind));
        }
    }

    private static string Remedy(ModelCallFailure failure) => failure switch
    {
        ModelCallFailure.Rejected => "Give a key that may use the model, in the place that 'key' names.",
        ModelCallFailure.Network or ModelCallFailure.Timeout => "Start the server, or mend 'endpoint' in palate.yaml.",
        ModelCallFailure.RateLimited => "Wait, or raise the limit at the provider.",
        ModelCallFailure.Budget => "Wait for the spend limit to reset, or raise it in palate.yaml.",
        ModelCallFailure.Invalid => "Check the model's name and the endpoint in palate.yaml.",
        _ => "Try again later; if it stays, look at the server's log.",
    };

    private static Func<CancellationToken, Task<string>> Answering(ModelConnection connection) => async stop =>
    {
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 200, ResponseFormat = Form };
        new CallContext { Purpose = "doctor", NoCache = true, NoStore = true }.AddTo(options);
        ChatResponse response = await connection.Chat.GetResponseAsync(Prompt, options, stop);
        string form = FormOf(connection.Chat) switch
        {
            ReplyForm.Schema => "it was given a JSON schema",
            ReplyForm.Json => "it takes no JSON schema, so it was told to write JSON",
            _ => "it takes neither JSON schema nor JSON mode, so the prompt alone asks for the form",
        };
        string fit = response.Text.Contains("A1", StringComparison.Ordinal) ? "the reply was the right one"
            : response.Text.Length == 0 ? "the reply was empty" : "the reply was another than expected";
        string usage = response.Usage?.TotalTokenCount is { } tokens
            ? string.Create(CultureInfo.InvariantCulture, $"it reported {tokens} tokens")
            : "it reported no usage, so costs are estimated";
        return $"{form}, {fit}, {usage}";
    };

    private static ReplyForm FormOf(IChatClient chat) =>
        chat.GetService<OpenAICompatibleChatClient>()?.FormOf() ?? chat.GetService<AnthropicChatClient>()?.FormOf() ?? ReplyForm.Schema;

    private static Func<CancellationToken, Task<string>> Scoring(RerankApi api) => async stop =>
    {
        double[] scores = await api.ScoreAsync("tea pot", ["Tea pot", "Bicycle"], stop);
        return scores[0] > scores[1] ? "it scored the right one higher" : "it did not score the right one higher";
    };

    private static IEnumerable<Finding> Pipelines(Home home)
    {
        foreach ((string name, PipelineSettings pipeline) in HomeConfiguration.Read(home).Pipelines)
        {
            foreach (string model in (string[])[pipeline.Model, .. pipeline.Cascade])
            {
                string check = $"trust {name}";
                TrustFile.Learned? learned = TrustFile.Read(home, name, model);
                yield return learned is null
                    ? pipeline.Alpha is { } alpha
                        ? Finding.Ok(check, string.Create(CultureInfo.InvariantCulture, $"{model} counts {1 - alpha:F2} by palate.yaml; nothing was learned."))
                        : Finding.Warning(
                            check,
                            $"Nothing was learned of {model}, so it counts as much as the base, on trust.",
                            "Run 'palate train --trust 300'.")
                    : Finding.Ok(check, Words(model, pipeline, learned));
            }

            if (StudentFile.Read(home, name, pipeline.Model) is { } taught)
            {
                yield return Finding.Ok($"student {name}", string.Create(
                    CultureInfo.InvariantCulture,
                    $"The student of {pipeline.Model} was taught by {taught.Student.Requests} requests and agrees on {100 * taught.Student.Agreement.TopOverlap:F0} % of the top."));
            }
        }
    }

    private static string Words(string model, PipelineSettings pipeline, TrustFile.Learned learned)
    {
        LearnedAlpha whole = learned.Trust.Whole;
        string worth = whole.Asks
            ? string.Create(CultureInfo.InvariantCulture, $"{model} counts {1 - whole.Alpha:F2}")
            : $"{model} is not asked, as it was found not to help";
        string asking = whole.Asks && pipeline.Ask == Asking.Learned
            ? string.Create(CultureInfo.InvariantCulture, $" {100 * learned.Ask.Savings.Skipped:F0} % of requests do not need it.")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{worth}: gain {whole.Gain:+0.0000;-0.0000;0} [{whole.GainInterval.Low:+0.0000;-0.0000;0}, {whole.GainInterval.High:+0.0000;-0.0000;0}] in NDCG on {whole.Requests} requests.{asking}");
    }
}
