using System.Text;

namespace Palate.Llm.Tests;

/// <summary>Replies that no model should give, 200,000 in full: none throws, and what is judged was asked.</summary>
[Trait("Category", Soak.Category)]
public sealed class ReplyFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Seeds =
    [
        """{"order":["A1","A2","A3","A4","A5"]}""", """{"grades":[{"id":"A1","grade":80},{"id":"A2","grade":5,"why":"so"}]}""",
        """{"best":"A2","why":"warm"}""", """{"chosen":["A4","A1"]}""", """{"order":["A2","A1"],"next":"diversity"}""",
        "RESPONSE: score=0.83 rationale=looks good", """{"relevance":0.8,"rationale":"x","policy":{"allowed":true}}""",
        "[3] > [1] > [2]", "1. A2 - because\n2. A1\n", "A1, A4", "```json\n{\"A1\":0.5,\"A2\":1}\n```", "<think>A1?</think>Yes",
        "I'm sorry, I can't.", "抱歉，我无法。", "Ａ１＞Ａ２", "A1: 8/10, A2: 90%, A3 = 7 out of 10", "B", "No", "{'order': [A1, A2,], }",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "'", ":", ",", "\\", "\\u", "\\ud800", "A1", "A2", "A999999999999", "A", "B", "1", "-1", "1e999", "NaN",
        "0.5", "99999999999999999999", "/", "10", "%", "\n", " ", "<think>", "</think>", "```", "order", "grade", "id", "why", "next", "best",
        "rank", "null", "true", "yes", "no", "\uD800", "\uDC00", "\0", "\uFEFF", "é", "漢", "👨‍👩‍👧", "٣", "３", "score", ";", ">", "out of ", "[[[[[[[[",
        "{\"a\":{\"a\":", "\u202E",
    ];

    [Fact]
    public void Any_reply_gives_a_valid_judgment_or_none()
    {
        var random = new Random(20260101);
        Prompt[] prompts =
        [
            .. Enum.GetValues<QuestionKind>().SelectMany(kind => (Prompt[])
            [
                SamplePrompt.Make(kind, kind == QuestionKind.YesNo ? 1 : 5, kind == QuestionKind.Choose ? 2 : 0, scale: 100),
                SamplePrompt.Make(kind, kind is QuestionKind.YesNo or QuestionKind.Grade ? 1 : 2, plain: true, start: 3,
                    words: new Dictionary<string, double> { ["yes"] = 1 }),
            ]),
        ];
        var classes = new int[Enum.GetValues<ReplyClass>().Length];
        int judged = 0;
        int replies = Soak.Count(200_000);
        for (int i = 0; i < replies; i++)
        {
            string reply = i % 3 == 0 ? Generate(random) : Mutate(Seeds[random.Next(Seeds.Length)], random);
            Prompt prompt = prompts[random.Next(prompts.Length)];
            bool isFinal = random.Next(4) > 0;
            ParsedReply parsed;
            try
            {
                parsed = ReplyParser.Parse(prompt, reply, isFinal);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Reply {i} for {prompt.Question}: {reply}", error);
            }

            classes[(int)parsed.Class]++;
            Check(prompt, parsed, reply);
            judged += parsed.Judgment is null ? 0 : 1;
        }

        output.WriteLine($"{replies} replies, {judged} judged");
        output.WriteLine(string.Join(", ", Enum.GetValues<ReplyClass>().Select(@class => $"{@class} {classes[(int)@class]}")));
        Assert.All(classes, count => Assert.True(count > 0));
        Assert.InRange(judged, replies / 10, replies);
    }

    [Fact]
    public void Any_first_tokens_give_a_valid_judgment_or_none()
    {
        var random = new Random(7);
        int draws = Soak.Count(20_000);
        foreach (QuestionKind kind in Enum.GetValues<QuestionKind>())
        {
            Prompt prompt = SamplePrompt.Make(kind, kind == QuestionKind.YesNo ? 1 : 4, plain: true);
            for (int i = 0; i < draws; i++)
            {
                TokenProbability[] tokens =
                [
                    .. Enumerable.Range(0, random.Next(20)).Select(_ => new TokenProbability(
                        Pieces[random.Next(Pieces.Length)],
                        random.Next(9) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => 5, _ => -random.NextDouble() * 9 })),
                ];
                Check(prompt, ReplyParser.Parse(prompt, tokens), "tokens");
            }
        }
    }

    // Law 1 and the contract: only candidates of the question, each once; grades from 0 to 1; at least one of either.
    private static void Check(Prompt prompt, ParsedReply parsed, string reply)
    {
        if (parsed.Judgment is not { } judgment)
        {
            if (parsed.IsComplete || parsed.Class == ReplyClass.Ok)
            {
                Assert.Fail($"Nothing was read, and it is {parsed.Class}: {reply}");
            }

            return;
        }

        Question question = prompt.Question;
        bool graded = question.Kind is QuestionKind.Grade or QuestionKind.YesNo;
        Judgment again = graded ? Judgment.Graded(question, judgment.Grades)
            : question.Kind == QuestionKind.Choose ? Judgment.Chosen(question, judgment.Named)
            : Judgment.Ordered(question, judgment.Named);
        bool valid = ReferenceEquals(question, judgment.Question) && again.IsGraded == judgment.IsGraded && again.IsOrdered == judgment.IsOrdered &&
            (question.Kind is not (QuestionKind.Pair or QuestionKind.Best) || judgment.Named.Count == 1) &&
            judgment.Rationales.All(pair => question.Candidates.Contains(pair.Key) && pair.Value.Length < 1000) &&
            (judgment.Next is null || judgment.Next.Length <= 40);
        if (!valid)
        {
            Assert.Fail($"{SamplePrompt.Describe(judgment)} for {question}: {reply}");
        }
    }

    private static string Generate(Random random)
    {
        var text = new StringBuilder();
        int length = random.Next(1, 60);
        for (int i = 0; i < length; i++)
        {
            if (random.Next(12) == 0)
            {
                text.Append((char)random.Next(0x10000));
            }
            else
            {
                text.Append(Pieces[random.Next(Pieces.Length)]);
            }
        }

        return text.ToString();
    }

    private static string Mutate(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        int changes = random.Next(6);
        for (int i = 0; i < changes && text.Length > 0; i++)
        {
            int at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    text.Length = at;
                    break;
                case 3:
                    text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 40), text.Length - at)));
                    break;
                default:
                    text[at] = (char)random.Next(0x10000);
                    break;
            }
        }

        return random.Next(20) == 0 ? text + seed : text.ToString();
    }
}
