using System.Text;
using System.Text.RegularExpressions;

namespace Palate.Llm.Tests;

public sealed partial class TokenEstimatorTests(ITestOutputHelper output)
{
    private static readonly string[] Vocabulary =
        ["wireless", "mouse", "4k", "usb-c", "Ω", "größe", "headphones", "a", "noise-cancelling", "12.5", "ノイズ", "{\"id\":\"A1\"}", "для", "travel."];

    // Each as a server could count: three tokens a word, one per four characters, one per byte of UTF-8 in pieces of three.
    public static TheoryData<string> Counters() => ["words", "characters", "bytes"];

    [Theory]
    [MemberData(nameof(Counters))]
    public void After_a_hundred_calls_the_error_is_below_five_percent(string counter)
    {
        var random = new Random(7);
        var estimator = new TokenEstimator("simulated");
        for (int call = 0; call < 100; call++)
        {
            string text = Text(random);
            estimator.Observe(TokenFeatures.Of(text), Count(counter, text) + 9);
        }

        double worst = 0;
        double sum = 0;
        for (int call = 0; call < 200; call++)
        {
            string text = Text(random);
            double truth = Count(counter, text) + 9;
            double error = Math.Abs(estimator.EstimateCall(TokenFeatures.Of(text)) - truth) / truth;
            worst = Math.Max(worst, error);
            sum += error;
        }

        output.WriteLine($"{counter}: mean {sum / 200:P2}, worst {worst:P2}");
        Assert.True(sum / 200 < 0.05, $"mean error {sum / 200:P2}");
        Assert.Equal(100, estimator.Observed);
        Assert.InRange(estimator.Error, 0, 0.5);
    }

    [Fact]
    public void Rendered_prompts_are_estimated_within_five_percent_after_a_hundred_calls()
    {
        PromptRenderer renderer = new(
            SampleRequest.Library.Get("zero-shot"), new PromptOptions { Layout = PromptLayout.Own }, new TokenEstimator("simulated"));
        var random = new Random(3);
        double last = 0;
        for (int call = 0; call < 150; call++)
        {
            RerankRequest request = SampleRequest.Make(20, random.Next(30));
            var kind = (QuestionKind)random.Next(8);
            int shown = kind == QuestionKind.YesNo ? 1 : kind == QuestionKind.Pair ? 2 : random.Next(1, 20);
            Prompt prompt = renderer.Render(new Question(kind, [.. Enumerable.Range(0, shown)]), request);
            string text = SampleRequest.Text(prompt);
            int truth = Count("words", text);
            double error = Math.Abs(prompt.EstimatedTokens - truth) / (double)truth;
            last = call >= 100 ? Math.Max(last, error) : 0;
            renderer.Estimator.Observe(TokenFeatures.Of(prompt.Messages[0].Text) + TokenFeatures.Of(prompt.Messages[1].Text), truth);
        }

        output.WriteLine($"worst of the last 50: {last:P2}");
        Assert.True(last < 0.05, $"worst {last:P2}");
    }

    [Fact]
    public void Another_tokenizer_behind_the_same_name_is_followed()
    {
        var random = new Random(11);
        var estimator = new TokenEstimator();
        for (int call = 0; call < 900; call++)
        {
            string text = Text(random);
            estimator.Observe(TokenFeatures.Of(text), Count(call < 300 ? "words" : "characters", text));
        }

        string probe = Text(random);
        double truth = Count("characters", probe);
        Assert.InRange(estimator.EstimateCall(TokenFeatures.Of(probe)), truth * 0.9, truth * 1.1);
    }

    [Fact]
    public void Nonsense_reports_and_extreme_texts_leave_estimates_finite()
    {
        var estimator = new TokenEstimator();
        for (int i = 0; i < 5000; i++)
        {
            estimator.Observe(default, i % 3 == 0 ? -1 : i);
            estimator.Observe(new TokenFeatures(0, int.MaxValue, 0, 0, 0, 0), 5);
            estimator.Observe(TokenFeatures.Of("only words here"), 4);
        }

        Assert.InRange(estimator.EstimateCall(TokenFeatures.Of("only words here")), 0, 10_000);
        Assert.Equal(0, estimator.Estimate(""));
    }

    [Fact]
    public void Many_threads_may_estimate_and_observe()
    {
        var estimator = new TokenEstimator();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, seed =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 25; i++)
            {
                string text = Text(random);
                Assert.True(estimator.EstimateCall(TokenFeatures.Of(text)) >= 0);
                estimator.Observe(TokenFeatures.Of(text), Count("words", text));
            }
        });

        Assert.Equal(400, estimator.Observed);
        Assert.InRange(estimator.Error, 0, 0.2);
    }

    [Fact]
    public void Features_add_up_over_the_lines_of_a_text()
    {
        string text = "[A1] Größe 12.5 | ノイズ\nnext line, \"quoted\"\n";
        TokenFeatures sum = default;
        foreach (string line in text.Split('\n').SkipLast(1))
        {
            sum += TokenFeatures.Of(line + "\n");
        }

        Assert.Equal(TokenFeatures.Of(text), sum);
        Assert.Equal(new TokenFeatures(Words: 8, Letters: 20, Digits: 4, Marks: 7, Wide: 3, Lines: 2), sum);
    }

    [Theory]
    [InlineData("gpt-4o-mini", "openai")]
    [InlineData("openai/o3-mini", "openai")]
    [InlineData("anthropic.claude-sonnet-4", "anthropic")]
    [InlineData("meta-llama/Llama-3.1-8B", "llama")]
    [InlineData("simulated", "simulated")]
    [InlineData("some-new-model", "default")]
    [InlineData("", "default")]
    public void A_model_belongs_to_a_family(string model, string family) =>
        Assert.Equal(family, TokenEstimator.FamilyOf(model));

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        int words = random.Next(20, 400);
        for (int i = 0; i < words; i++)
        {
            text.Append(Vocabulary[(int)(Vocabulary.Length * Math.Pow(random.NextDouble(), 2))]).Append(random.Next(9) == 0 ? '\n' : ' ');
        }

        return text.ToString();
    }

    private static int Count(string counter, string text) => counter switch
    {
        "words" => 3 * Word().Count(text.ToLowerInvariant()),
        "characters" => text.Length / 4,
        _ => Encoding.UTF8.GetByteCount(text) / 3,
    };

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word();
}
