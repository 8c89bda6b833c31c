namespace Palate.Tests;

public sealed class TrecFilesTests
{
    [Fact]
    public void A_run_has_trec_evals_form()
    {
        var writer = new StringWriter();

        TrecFiles.WriteRun(writer, "u1", [("d7", 2.5f), ("d3", 1f)], "palate");

        Assert.Equal("u1 Q0 d7 1 2.5 palate\nu1 Q0 d3 2 1 palate\n", writer.ToString());
    }

    [Fact]
    public void Ties_keep_the_given_order_in_trec_evals_eyes()
    {
        // trec_eval sorts by score, ties by document id descending: as written, d1 would come last.
        var writer = new StringWriter();
        TrecFiles.WriteRun(writer, "u1", [("d1", 1f), ("d2", 1f), ("d3", 1f), ("d4", 0.5f)], "palate");

        Dictionary<string, List<(string Document, float Score)>> run = TrecFiles.ReadRun(new StringReader(writer.ToString()));

        Assert.Equal(["d1", "d2", "d3", "d4"], run["u1"].Select(row => row.Document));
        Assert.Equal(0.5f, run["u1"][3].Score);
    }

    [Fact]
    public void Reading_orders_by_score_and_then_by_id_descending_and_ignores_the_rank()
    {
        const string Text = "q1\tQ0\ta 1 0.5 t\nq1 Q0 c 2 0.7 t\n\nq2 Q0 z 1 1e-3 t\nq1 Q0 b 3 0.5 t\n";

        Dictionary<string, List<(string Document, float Score)>> run = TrecFiles.ReadRun(new StringReader(Text));

        Assert.Equal(["c", "b", "a"], run["q1"].Select(row => row.Document));
        Assert.Equal([("z", 0.001f)], run["q2"]);
    }

    [Fact]
    public void Qrels_read_back_as_written()
    {
        var writer = new StringWriter();
        TrecFiles.WriteQrels(writer, "q1", [("a", 2), ("b", 0)]);
        TrecFiles.WriteQrels(writer, "q2", [("a", -1)]);

        Dictionary<string, Dictionary<string, int>> qrels = TrecFiles.ReadQrels(new StringReader(writer.ToString()));

        Assert.StartsWith("q1 0 a 2\n", writer.ToString(), StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 2, ["b"] = 0 }, qrels["q1"]);
        Assert.Equal(-1, qrels["q2"]["a"]);
    }

    [Fact]
    public void Run_and_qrels_together_give_trec_evals_numbers()
    {
        // trec_eval's own arithmetic by hand: relevant a (2), c (1), e (1); ranked c b a d, tied b and a by id descending.
        const string Run = "q Q0 a 1 0.5 t\nq Q0 b 2 0.5 t\nq Q0 c 3 0.9 t\nq Q0 d 4 0.1 t\n";
        const string Qrels = "q 0 a 2\nq 0 b 0\nq 0 c 1\nq 0 e 1\n";
        Dictionary<string, int> judged = TrecFiles.ReadQrels(new StringReader(Qrels))["q"];

        float[] grades =
        [
            .. TrecFiles.ReadRun(new StringReader(Run))["q"].Select(row => (float)judged.GetValueOrDefault(row.Document)),
        ];
        float[] ideal = [.. judged.Values.Where(grade => grade > 0).Select(grade => (float)grade).OrderDescending()];

        Assert.Equal([1, 0, 2, 0], grades);
        Assert.Equal((1 + 2.0 / 3) / 3, Metric.Parse("map").Evaluate(grades, ideal), 12);
        Assert.Equal(2.0 / 3, Metric.Parse("recall_100").Evaluate(grades, ideal), 12);
        Assert.Equal(1, Metric.Parse("recip_rank").Evaluate(grades, ideal));
        Assert.Equal(
            (1 + 2 / 2.0) / (2 + 1 / Math.Log2(3) + 1 / 2.0), Metric.Parse("ndcg_cut_10").Evaluate(grades, ideal), 12);
    }

    [Theory]
    [InlineData("q Q0 a 1 0.5")]
    [InlineData("q Q0 a 1 much t")]
    [InlineData("q Q0 a 1 NaN t")]
    public void A_broken_line_is_named(string line)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => TrecFiles.ReadRun(new StringReader("q Q0 a 1 1 t\n" + line)));
        Assert.StartsWith("Line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_with_white_space_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TrecFiles.WriteRun(TextWriter.Null, "a b", [("d", 1f)], "t"));
        Assert.Throws<ArgumentException>(() => TrecFiles.WriteQrels(TextWriter.Null, "a", [("", 1)]));
    }
}
