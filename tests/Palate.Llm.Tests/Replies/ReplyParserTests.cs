using System.Text;

namespace Palate.Llm.Tests;

public sealed class ReplyParserTests
{
    [Theory]
    // The wanted form, and what models put around it.
    [InlineData("""{"order":["A2","A3","A1"]}""", "2 3 1", ReplyClass.Ok)]
    [InlineData("```json\n{\"order\": [\"A2\", \"A3\", \"A1\"]}\n```\nHope that helps!", "2 3 1", ReplyClass.Ok)]
    [InlineData("<think>A1, A2, A3? Or {\"order\":[\"A1\"]}</think>{\"order\":[\"A3\",\"A2\",\"A1\"]}", "3 2 1", ReplyClass.Ok)]
    [InlineData("Thoughts about A1.</think>\n[\"A3\",\"A2\",\"A1\"]", "3 2 1", ReplyClass.Ok)]
    [InlineData("""Sure, A1 is nice. {"thinking":"A1 then A2","order":["A2","A1","A3"]}""", "2 1 3", ReplyClass.Ok)]
    [InlineData("""{"result":{"ranking":["a2","[A3]","Candidate A1"]}}""", "2 3 1", ReplyClass.Ok)]
    [InlineData("""[{"rank":2,"id":"A1"},{"rank":1,"id":"A3"},{"rank":3,"id":"A2"}]""", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("""{"order":[{"id":"A3","why":"x"},{"id":"A1"},{"id":"A2"}]}""", "3 1 2", ReplyClass.Ok)]
    [InlineData("{'order': ['A2', 'A3', 'A1'],}", "2 3 1", ReplyClass.Ok)]
    [InlineData("{order: [A2, A3, A1]}", "2 3 1", ReplyClass.Ok)]
    [InlineData("""{"order":[2,3,1]}""", "2 3 1", ReplyClass.Ok)]
    [InlineData("""{"order":"A2 > A3 > A1"}""", "2 3 1", ReplyClass.Ok)]
    [InlineData("""{"A1":3,"A2":1,"A3":2}""", "2 3 1", ReplyClass.WrongFormat)]
    [InlineData("""{"A1":0.3,"A2":0.9,"A3":0.5}""", "2 3 1", ReplyClass.WrongFormat)]
    [InlineData("""{"order":["Ａ２","Ａ３","Ａ１"]}""", "2 3 1", ReplyClass.Ok)]
    [InlineData("""{"order":["\u00412","A03","A1"]}""", "2 3 1", ReplyClass.Ok)]
    // Lists in prose.
    [InlineData("[3] > [1] > [2]", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("[A3] > [A1] > [A2]", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("A3, A1, A2", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("1. A3 - because of A2\n2. A1 - cheap\n3. A2", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("**1)** A3\n**2)** A1\n**3)** A2\n", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("A1 looks fine, A2 too. Final ranking: A3 > A1 > A2. Done.", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("３、１、２", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("【3】>【1】>【2】", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("٣ ثم ١ ثم ٢", "3 1 2", ReplyClass.WrongFormat)]
    [InlineData("I would take A3 first, then A1, and last A2.", "3 1 2", ReplyClass.WrongFormat)]
    // What is missing, twice, foreign, cut.
    [InlineData("""{"order":["A2"]}""", "2", ReplyClass.Missing)]
    [InlineData("""{"order":["A2","A2","A3","A1"]}""", "2 3 1", ReplyClass.Repetition)]
    [InlineData("""{"order":["A2","A9","A3","A1"]}""", "2 3 1", ReplyClass.Unknown)]
    [InlineData("""{"order":["A2","A3","A1","A4711"]}""", "2 3 1", ReplyClass.Unknown)]
    [InlineData("""{"order":["A2","A3","99999999999999999999"]}""", "2 3", ReplyClass.Missing)]
    [InlineData("""{"order":["A7","A8"]}""", "none", ReplyClass.Unknown)]
    [InlineData("""{"order":["A2","A3""", "2", ReplyClass.Truncated)]
    [InlineData("""{"order":["A2",""", "2", ReplyClass.Truncated)]
    [InlineData("""{"order":[""", "none", ReplyClass.Truncated)]
    [InlineData("<think>A1 or A2, hm", "none", ReplyClass.Truncated)]
    [InlineData("", "none", ReplyClass.Empty)]
    [InlineData(" \n\t ", "none", ReplyClass.Empty)]
    [InlineData("<think></think>", "none", ReplyClass.Empty)]
    [InlineData("{}", "none", ReplyClass.WrongFormat)]
    [InlineData("null", "none", ReplyClass.WrongFormat)]
    [InlineData("The quick brown fox.", "none", ReplyClass.WrongFormat)]
    [InlineData("I'm sorry, but I can't help with ranking these items.", "none", ReplyClass.Refusal)]
    [InlineData("Es tut mir leid, dabei kann ich nicht helfen.", "none", ReplyClass.Refusal)]
    [InlineData("Lo siento, no puedo ayudar con eso.", "none", ReplyClass.Refusal)]
    [InlineData("Je suis désolé, je ne peux pas.", "none", ReplyClass.Refusal)]
    [InlineData("Извините, я не могу помочь.", "none", ReplyClass.Refusal)]
    [InlineData("抱歉，我无法完成这个请求。", "none", ReplyClass.Refusal)]
    [InlineData("申し訳ありませんが、お手伝いできません。", "none", ReplyClass.Refusal)]
    [InlineData("죄송합니다. 도와드릴 수 없습니다.", "none", ReplyClass.Refusal)]
    public void An_order_is_read_from(string reply, string expected, ReplyClass @class)
    {
        ParsedReply parsed = ReplyParser.Parse(SamplePrompt.Make(QuestionKind.Order, 3), reply);

        Assert.Equal(expected, SamplePrompt.Describe(parsed.Judgment));
        Assert.Equal(@class, parsed.Class);
        Assert.Equal(expected.Split(' ').Length == 3, parsed.IsComplete);
    }

    [Theory]
    [InlineData("""{"grades":[{"id":"A1","grade":80},{"id":"A2","grade":5}]}""", 100, "0.8 0.05", ReplyClass.Ok)]
    [InlineData("""{"grades":[{"id":"A2","grade":5},{"id":"A1","grade":"80"}]}""", 100, "0.8 0.05", ReplyClass.Ok)]
    [InlineData("""{"grades":{"A1":8,"A2":10}}""", 10, "0.8 1", ReplyClass.Ok)]
    [InlineData("""{"A1":{"score":0.8,"why":"x"},"A2":{"score":0}}""", 1, "0.8 0", ReplyClass.Ok)]
    [InlineData("""[{"alias":"A1","relevance":0.25},{"alias":"A2","relevance":1}]""", 1, "0.25 1", ReplyClass.Ok)]
    [InlineData("""{"grades":[0.25,1]}""", 1, "0.25 1", ReplyClass.WrongFormat)]
    [InlineData("""{"grades":["A1: 0.25","A2: 1"]}""", 1, "0.25 1", ReplyClass.Ok)]
    [InlineData("""{"grades":[{"id":"A1","grade":0.8},{"id":"A2","grade":0.05}]}""", 100, "0.8 0.05", ReplyClass.WrongFormat)]
    [InlineData("""{"grades":[{"id":"A1","grade":8000},{"id":"A2","grade":5}]}""", 100, "- 0.05", ReplyClass.WrongFormat)]
    [InlineData("""{"grades":[{"id":"A1","grade":-1},{"id":"A2","grade":5}]}""", 100, "- 0.05", ReplyClass.WrongFormat)]
    [InlineData("""{"grades":[{"id":"A1","grade":1e999},{"id":"A2","grade":NaN}]}""", 100, "none", ReplyClass.WrongFormat)]
    [InlineData("""{"grades":[{"id":"A1","grade":99999999999999999999999},{"id":"A2","grade":1}]}""", 100, "- 0.01", ReplyClass.WrongFormat)]
    [InlineData("""{"grades":[{"id":"A1","grade":1},{"id":"A1","grade":90},{"id":"A2","grade":2}]}""", 100, "0.01 0.02", ReplyClass.Repetition)]
    [InlineData("""{"grades":[{"id":"A1","grade":1},{"id":"A9","grade":90},{"id":"A2","grade":2}]}""", 100, "0.01 0.02", ReplyClass.Unknown)]
    [InlineData("""{"grades":[{"id":"A1","grade":70}]}""", 100, "0.7 -", ReplyClass.Missing)]
    [InlineData("""{"grades":[{"id":"A1","grade":70},{"id":"A2","gra""", 100, "0.7 -", ReplyClass.Truncated)]
    [InlineData("""{"grades":[{"id":"A1","grade":70},{"id":"A2","grade":3""", 100, "0.7 -", ReplyClass.Truncated)]
    [InlineData("A1: 0.8\nA2: 0.05", 1, "0.8 0.05", ReplyClass.WrongFormat)]
    [InlineData("1. A1: 8/10 (good)\n2. A2 - 1/10", 100, "0.8 0.1", ReplyClass.WrongFormat)]
    [InlineData("- **A1**: 80%\n- **A2**: 5 %", 10, "0.8 0.05", ReplyClass.WrongFormat)]
    [InlineData("A1 = 8 out of 10, A2 = 20 out of 10", 10, "0.8 -", ReplyClass.WrongFormat)]
    [InlineData("no grades here", 10, "none", ReplyClass.WrongFormat)]
    public void Grades_are_read_from(string reply, double scale, string expected, ReplyClass @class)
    {
        ParsedReply parsed = ReplyParser.Parse(SamplePrompt.Make(QuestionKind.Grade, 2, scale: scale), reply);

        Assert.Equal(expected, SamplePrompt.Describe(parsed.Judgment));
        Assert.Equal(@class, parsed.Class);
    }

    [Theory]
    [InlineData("""{"relevance":0.8,"rationale":"looks good","policy":{"allowed":true,"reason":""}}""", 1, "0.8", ReplyClass.Ok)]
    [InlineData("RESPONSE: score=0.83 rationale=looks good", 1, "0.83", ReplyClass.WrongFormat)]
    [InlineData("RESPONSE: score=0.83 rationale=looks good", 100, "0.83", ReplyClass.WrongFormat)]
    [InlineData("""{"relevance":1.8,"rationale":"looks good"}""", 1, "none", ReplyClass.WrongFormat)]
    [InlineData("""{"relevance":0.8,"rationale":"Matches intent keyw""", 1, "0.8", ReplyClass.Ok)]
    [InlineData("7", 10, "0.7", ReplyClass.WrongFormat)]
    [InlineData("I'd give it an 8 out of 10.", 10, "0.8", ReplyClass.WrongFormat)]
    [InlineData("score: -3", 10, "none", ReplyClass.WrongFormat)]
    [InlineData("""{"grade":"high"}""", 10, "0.9", ReplyClass.Ok)]
    [InlineData("A1: Low.", 10, "0.1", ReplyClass.WrongFormat)]
    public void The_grade_of_one_candidate_is_read_from(string reply, double scale, string expected, ReplyClass @class)
    {
        Prompt prompt = SamplePrompt.Make(
            QuestionKind.Grade, 1, scale: scale, words: new Dictionary<string, double> { ["high"] = 0.9, ["low"] = 0.1 });
        ParsedReply parsed = ReplyParser.Parse(prompt, reply);

        Assert.Equal(expected, SamplePrompt.Describe(parsed.Judgment));
        Assert.Equal(@class, parsed.Class);
    }

    [Theory]
    [InlineData("""{"best":"A2"}""", "2", ReplyClass.Ok)]
    [InlineData("""{"best":2}""", "2", ReplyClass.Ok)]
    [InlineData("""{"winner":{"id":"A2","why":"warm"}}""", "2", ReplyClass.Ok)]
    [InlineData("A2", "2", ReplyClass.WrongFormat)]
    [InlineData("**A2**", "2", ReplyClass.WrongFormat)]
    [InlineData("Between A1 and A2, I choose A2.", "2", ReplyClass.WrongFormat)]
    [InlineData("A2 is better than A1", "2", ReplyClass.WrongFormat)]
    [InlineData("[2] > [1]", "2", ReplyClass.WrongFormat)]
    [InlineData("""{"best":"A3"}""", "none", ReplyClass.Unknown)]
    [InlineData("""{"best":"neither"}""", "none", ReplyClass.WrongFormat)]
    public void The_better_of_a_pair_is_read_from(string reply, string expected, ReplyClass @class)
    {
        foreach (QuestionKind kind in (QuestionKind[])[QuestionKind.Pair, QuestionKind.Best])
        {
            ParsedReply parsed = ReplyParser.Parse(SamplePrompt.Make(kind, 2), reply);
            Assert.Equal(expected, SamplePrompt.Describe(parsed.Judgment));
            Assert.Equal(@class, parsed.Class);
        }
    }

    [Theory]
    [InlineData("""{"chosen":["A4","A1"]}""", "4 1", ReplyClass.Ok)]
    [InlineData("""{"chosen":["A4","A1","A2"]}""", "4 1", ReplyClass.WrongFormat)]
    [InlineData("A1, A4", "1 4", ReplyClass.WrongFormat)]
    [InlineData("""{"rejected":["A2","A3"],"chosen":["A4"]}""", "4", ReplyClass.Missing)]
    public void A_chosen_set_is_read_from(string reply, string expected, ReplyClass @class)
    {
        ParsedReply parsed = ReplyParser.Parse(SamplePrompt.Make(QuestionKind.Choose, 4, 2), reply);

        Assert.Equal(expected, SamplePrompt.Describe(parsed.Judgment));
        Assert.Equal(@class, parsed.Class);
        Assert.False(parsed.Judgment!.IsOrdered);
    }

    [Theory]
    [InlineData("""{"order":["A2","A1"],"next":"Diversity"}""", "2 1", "diversity", ReplyClass.Ok)]
    [InlineData("[A2, A1]; diversity", "2 1", "diversity", ReplyClass.Ok)]
    [InlineData("A2, A1\nNext node: stop.", "2 1", "stop", ReplyClass.WrongFormat)]
    [InlineData("""{"order":["A2","A1"]}""", "2 1", null, ReplyClass.Missing)]
    [InlineData("""{"order":["A2","A1"],"next":"<script>alert(1)</script>"}""", "2 1", null, ReplyClass.Missing)]
    public void A_step_of_the_walk_is_read_from(string reply, string expected, string? next, ReplyClass @class)
    {
        ParsedReply parsed = ReplyParser.Parse(SamplePrompt.Make(QuestionKind.Walk, 2), reply);

        Assert.Equal(expected, SamplePrompt.Describe(parsed.Judgment));
        Assert.Equal(next, parsed.Judgment!.Next);
        Assert.Equal(@class, parsed.Class);
    }

    [Theory]
    [InlineData("Yes", "1")]
    [InlineData("no.", "0")]
    [InlineData("**Yes**, it fits, there is no better one", "1")]
    [InlineData("はい", "1")]
    [InlineData("Нет", "0")]
    [InlineData("The answer is no.", "0")]
    [InlineData("""{"answer":"yes"}""", "1")]
    [InlineData("""{"fits":false}""", "0")]
    [InlineData("perhaps", "none")]
    [InlineData("It is yes and no", "none")]
    public void Yes_and_no_are_read_from(string reply, string expected) =>
        Assert.Equal(expected, SamplePrompt.Describe(ReplyParser.Parse(SamplePrompt.Make(QuestionKind.YesNo, 1, scale: 100, plain: true), reply).Judgment));

    [Theory]
    [InlineData("C", "3")]
    [InlineData(" [b]", "2")]
    [InlineData("A good choice is C", "3")]
    [InlineData("[C] > [A] > [B]", "3 1 2")]
    [InlineData("Z", "none")]
    public void Letters_are_read_from(string reply, string expected) =>
        Assert.Equal(expected, SamplePrompt.Describe(ReplyParser.Parse(SamplePrompt.Make(QuestionKind.FirstToken, 3, plain: true), reply).Judgment));

    [Fact]
    public void The_probability_of_yes_sums_over_its_variants()
    {
        Prompt prompt = SamplePrompt.Make(QuestionKind.YesNo, 1, plain: true);
        TokenProbability[] tokens =
        [
            new("Yes", Math.Log(0.4)), new(" yes", Math.Log(0.2)), new("▁No", Math.Log(0.1)), new("no", Math.Log(0.1)),
            new("Maybe", Math.Log(0.1)), new("Yes", double.NaN),
        ];

        ParsedReply parsed = ReplyParser.Parse(prompt, tokens);

        Assert.Equal(0.75, parsed.Judgment!.Grades[0], 9);
        Assert.Equal(ReplyClass.Ok, parsed.Class);
        Assert.Equal(ReplyClass.WrongFormat, ReplyParser.Parse(prompt, [new("Maybe", -0.1)]).Class);
        Assert.Equal(ReplyClass.Empty, ReplyParser.Parse(prompt, []).Class);
        Assert.Equal(1, ReplyParser.Parse(prompt, [new("yes", double.PositiveInfinity), new("no", double.NegativeInfinity)]).Judgment!.Grades[0]);
    }

    [Fact]
    public void Letters_are_ordered_by_their_summed_probability()
    {
        Prompt prompt = SamplePrompt.Make(QuestionKind.FirstToken, 4, plain: true);

        ParsedReply parsed = ReplyParser.Parse(
            prompt,
            [new("B", Math.Log(0.3)), new("C", Math.Log(0.25)), new(" c", Math.Log(0.1)), new("[A", Math.Log(0.05)), new("The", Math.Log(0.2)), new("Q", -3)]);

        Assert.Equal("3 2 1", SamplePrompt.Describe(parsed.Judgment));
        Assert.Equal(ReplyClass.Missing, parsed.Class);
        Assert.Null(ReplyParser.Parse(prompt, [new("The", -1)]).Judgment);
        Assert.Null(ReplyParser.Parse(SamplePrompt.Make(QuestionKind.Order, 3), [new("A1", -1)]).Judgment);
    }

    [Fact]
    public void Reasons_come_with_the_judgment_and_are_bounded()
    {
        string longReason = string.Concat(Enumerable.Repeat("very good ", 5000));
        Prompt grade = SamplePrompt.Make(QuestionKind.Grade, 2, scale: 100, reasons: true);
        Judgment graded = ReplyParser.Parse(
            grade, $$"""{"grades":[{"id":"A1","grade":70,"why":"Warm \u0026 \"light\"\nand <b>"},{"id":"A2","grade":7,"why":"{{longReason}}"}]}""").Judgment!;
        Judgment ordered = ReplyParser.Parse(
            SamplePrompt.Make(QuestionKind.Order, 2, reasons: true),
            """{"order":["A2","A1"],"reasons":[{"id":"A1","why":"cold"},{"id":"A2","why":"warm"},{"id":"A7","why":"foreign"}]}""").Judgment!;
        Judgment best = ReplyParser.Parse(
            SamplePrompt.Make(QuestionKind.Best, 3, reasons: true), """{"best":"A3","why":"fits"}""").Judgment!;

        Assert.Equal("Warm & \"light\" and ‹b›", graded.Rationales[100]);
        Assert.InRange(graded.Rationales[101].Length, 10, 600);
        Assert.Equal("2 1", SamplePrompt.Describe(ordered));
        Assert.Equal(["cold", "warm"], ordered.Rationales.OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal("fits", best.Rationales[102]);
    }

    [Fact]
    public void A_streamed_reply_counts_item_by_item_and_never_takes_anything_back()
    {
        Prompt prompt = SamplePrompt.Make(QuestionKind.Grade, 12, scale: 100);
        string reply = "```json\n{\"grades\":[" + string.Join(
            ", ", Enumerable.Range(1, 12).Select(i => $"{{\"id\":\"A{i}\",\"grade\":{i * 8}}}")) + "]}\n```";
        int graded = 0;
        int completeAt = -1;
        for (int length = 0; length <= reply.Length; length++)
        {
            ParsedReply parsed = ReplyParser.Parse(prompt, reply[..length], isFinal: false);
            int now = parsed.Judgment?.Grades.Count(grade => !double.IsNaN(grade)) ?? 0;
            Assert.True(now >= graded);
            for (int i = 0; i < now; i++)
            {
                Assert.Equal((i + 1) * 0.08, parsed.Judgment!.Grades[i], 9);
            }

            graded = now;
            completeAt = completeAt < 0 && parsed.IsComplete ? length : completeAt;
            Assert.Equal(parsed.IsComplete, now == 12);
        }

        Assert.Equal(reply.IndexOf("96}", StringComparison.Ordinal) + 3, completeAt);
    }

    [Fact]
    public void A_streamed_order_never_reads_half_an_alias_or_a_thought()
    {
        Prompt prompt = SamplePrompt.Make(QuestionKind.Order, 20, 2);
        foreach (string reply in (string[])
            ["""{"order":["A12","A2"]}""", "A12 > A2 > A3", "<think>A1 > A2</think>\n[A12, A2]", "A12, A2", "{\"thinking\":\"A1, A2\",\"order\":[\"A12\",\"A2\"]}"])
        {
            for (int length = 0; length < reply.Length; length++)
            {
                ParsedReply parsed = ReplyParser.Parse(prompt, reply[..length], isFinal: false);
                Assert.True(
                    parsed.Judgment is null || parsed.Judgment.Named[0] == 111 && (parsed.Judgment.Named.Count < 2 || parsed.Judgment.Named[1] == 101),
                    $"{reply[..length]}: {SamplePrompt.Describe(parsed.Judgment)}");
            }

            ParsedReply whole = ReplyParser.Parse(prompt, reply);
            Assert.StartsWith("12 2", SamplePrompt.Describe(whole.Judgment));
            Assert.True(whole.IsComplete);
        }

        Assert.Null(ReplyParser.Parse(prompt, "Let me compare A3 and A1, A2", isFinal: false).Judgment);
        Assert.Equal(ReplyClass.Truncated, ReplyParser.Parse(prompt, "Let me", isFinal: false).Class);
    }

    [Fact]
    public void Where_reasons_are_wanted_a_streamed_reply_is_complete_when_it_is_closed()
    {
        const string Reply = """{"order":["A2","A1"],"reasons":[{"id":"A2","why":"warm"}]}""";
        Prompt prompt = SamplePrompt.Make(QuestionKind.Order, 2, reasons: true);

        Assert.False(ReplyParser.Parse(prompt, Reply[..^1], isFinal: false).IsComplete);
        Assert.True(ReplyParser.Parse(prompt, Reply, isFinal: false).IsComplete);
        Assert.True(ReplyParser.Parse(prompt, Reply[..^1]).IsComplete);
    }

    [Fact]
    public void Replies_of_any_size_and_depth_are_read_in_linear_time()
    {
        Prompt prompt = SamplePrompt.Make(QuestionKind.Order, 3);
        string deep = new string('[', 10_000) + "\"A1\"" + new string(']', 10_000);
        string deepObjects = string.Concat(Enumerable.Repeat("{\"a\":", 10_000));
        string megabyte = string.Concat(Enumerable.Repeat("A1 and A2, ", 100_000));
        string quotes = "{\"" + new string('\\', 1_000_000);
        string brackets = string.Concat(Enumerable.Repeat("[1", 400_000));
        string thoughts = string.Concat(Enumerable.Repeat("<think>x</think>", 60_000)) + "{\"order\":[\"A3\",\"A2\",\"A1\"]}";

        Assert.Null(ReplyParser.Parse(prompt, deepObjects).Judgment);
        Assert.Equal("2 1", SamplePrompt.Describe(ReplyParser.Parse(prompt, megabyte).Judgment));
        Assert.Equal("3 2 1", SamplePrompt.Describe(ReplyParser.Parse(prompt, thoughts).Judgment));
        Assert.Equal("2 1 3", SamplePrompt.Describe(ReplyParser.Parse(prompt, """{"order":["A2","A1","A3"]}""" + deep).Judgment));
        foreach (string reply in (string[])[deep, deepObjects, megabyte, quotes, brackets, thoughts])
        {
            foreach (QuestionKind kind in Enum.GetValues<QuestionKind>())
            {
                Prompt asked = SamplePrompt.Make(kind, kind == QuestionKind.YesNo ? 1 : 3);
                Judgment? judgment = ReplyParser.Parse(asked, reply, isFinal: true).Judgment;
                Assert.True(judgment is null || judgment.Question == asked.Question);
            }
        }
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_read_as_far_as_they_are()
    {
        byte[] bytes = [0xFF, 0xC0, 0x00, .. Encoding.UTF8.GetBytes("{\"order\":[\"A2\","), 0xED, 0xA0, 0x80, .. Encoding.UTF8.GetBytes("\"A1\"]}")];

        ParsedReply parsed = ReplyParser.Parse(SamplePrompt.Make(QuestionKind.Order, 2), Encoding.UTF8.GetString(bytes));

        Assert.Equal("2 1", SamplePrompt.Describe(parsed.Judgment));
    }
}
