using System.Globalization;

namespace Palate.Tests;

public sealed class ReorderProtocolTests(ITestOutputHelper output)
{
    private static readonly ReorderOptions Small = new()
    {
        Candidates = 8,
        K = 4,
        Topics = "kind",
        GroupFrom = 2000,
        Als = new AlsOptions { Factors = 8, Regularization = 2 },
        Resamples = 200,
    };

    private static readonly Lazy<ReorderProtocol> Prepared =
        new(() => ReorderProtocol.Prepare(SmallWorld.Data(), Small));

    [Fact]
    public void Every_case_holds_what_was_held_out_among_candidates_that_are_new_to_the_user()
    {
        ReorderProtocol protocol = Prepared.Value;

        Assert.Equal(protocol.Found, protocol.Cases.Count);
        Assert.InRange(protocol.Found, 1, protocol.Users);
        Assert.All(protocol.Cases, own =>
        {
            Assert.Equal(8, own.Items.Length);
            Assert.Equal(own.Items.Distinct(), own.Items);
            Assert.Empty(own.Items.Intersect(own.History));
            Assert.Equal(own.Scores.OrderDescending(), own.Scores);
            Assert.Equal(1, own.List.Relevance[0]);
        });
        ReorderOptions inserting = Small with { Positive = PositivePlace.Inserted };
        Assert.Equal(protocol.Users, ReorderProtocol.Prepare(SmallWorld.Data(), inserting).Cases.Count);
    }

    [Fact]
    public void The_table_has_its_references_and_a_row_each()
    {
        IReadOnlyList<ReorderRow> rows = Prepared.Value.Run(
        [
            new Reorderer("same", own => [.. Enumerable.Range(0, own.Items.Length)]),
            new Reorderer("reversed", own => [.. Enumerable.Range(0, own.Items.Length).Reverse()]),
            Reorderer.Of(new Xquad(usesTaste: false), 1, 4),
        ]);

        Assert.Equal(["chance", "base", "oracle", "same", "reversed", "xquad-even 1"], rows.Select(row => row.Name));
        foreach (string metric in Prepared.Value.MetricNames)
        {
            Assert.Equal(rows[1].Metrics[metric], rows[3].Metrics[metric]);
            Assert.True(rows[0].Metrics.ContainsKey(metric), metric);
        }

        // Four of eight places by chance, and an order turned round hits what the other misses.
        Assert.Equal(0.5, rows[0].Metrics["hr@4"], 0.08);
        Assert.Equal(1, rows[1].Metrics["hr@4"] + rows[4].Metrics["hr@4"], 9);
        Assert.All(rows[3].Differences.Values, difference => Assert.Equal(new ReorderDifference(0, 0, 0), difference));

        // Where each item has one topic, the greedy choice by topics alone is the ideal.
        Assert.Equal(1, rows[5].Metrics["topic_ndcg@4"], 9);
        ReorderDifference gain = rows[5].Differences["topic_ndcg@4"];
        Assert.InRange(gain.Mean, gain.Low, gain.High);
        Assert.All(rows[2].Metrics, bound => Assert.True(
            ReorderProtocol.LowerIsBetter(bound.Key)
                ? rows.All(row => row.Metrics[bound.Key] >= bound.Value)
                : rows.All(row => row.Metrics[bound.Key] <= bound.Value + 1e-12)));
    }

    [Fact]
    public void What_is_no_permutation_is_refused_with_its_name()
    {
        foreach (int[] wrong in (int[][])[[0], [0, 0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7, 8]])
        {
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(
                () => Prepared.Value.Run([new Reorderer("broken", _ => wrong)]));
            Assert.Contains("'broken'", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_sweep_starts_at_the_base_and_its_front_is_beaten_by_nobody()
    {
        IReadOnlyList<ReorderFrontPoint> points = Prepared.Value.Sweep([new Mmr(), new Xquad()], [0, 0.5f, 1]);
        IReadOnlyList<ReorderFrontPoint> front = ReorderFrontPoint.Front(points, "ndcg@4", "topic_ndcg@4");

        Assert.Equal(6, points.Count);
        Assert.Equal(points[0].Row.Metrics["ndcg@4"], points[3].Row.Metrics["ndcg@4"]);
        Assert.NotEmpty(front);
        Assert.All(front, kept => Assert.DoesNotContain(points, other =>
            other.Row.Metrics["ndcg@4"] > kept.Row.Metrics["ndcg@4"]
            && other.Row.Metrics["topic_ndcg@4"] > kept.Row.Metrics["topic_ndcg@4"]));
    }

    [Fact]
    public void An_attribute_that_is_not_there_is_named()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => ReorderProtocol.Prepare(SmallWorld.Data(), Small with { Topics = "smell" }));

        Assert.Contains("'smell'", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReorderProtocol.Prepare(SmallWorld.Data(), Small with { K = 0 }));
        Assert.Throws<ArgumentException>(() => ReorderProtocol.Prepare(SmallWorld.Data(), Small with { Groups = "kind" }));
    }

    [Theory]
    [InlineData("ml-100k")]
    [InlineData("ml-latest-small")]
    public void On_films_shaping_trades_accuracy_for_what_it_aims_at(string name)
    {
        string folder = TestData.Folder(name);
        IDatasetReader reader = name == "ml-100k" ? new MovieLens100K(folder) : new MovieLensLatest(folder);
        var options = new ReorderOptions { Als = new AlsOptions { Factors = 32, Iterations = 8 } };
        var protocol = ReorderProtocol.Prepare(Dataset.Load(reader).ToTrainingData(), options);
        IReadOnlyList<ReorderRow> rows = protocol.Run(
        [
            Reorderer.Of(new Mmr(), 0.5f, 10),
            Reorderer.Of(new Dpp(), 0.5f, 10),
            Reorderer.Of(new Xquad(), 0.5f, 10),
            Reorderer.Of(new Pm2(), 0.5f, 10),
            Reorderer.Of(new Calibration(), 0.5f, 10),
            Reorderer.Of(new FairTopK(), 1, 20),
            Reorderer.Of(new Exposure(isLinear: true), 0.1f, 20),
            Reorderer.Of(new Novelty(), 0.3f, 10),
        ]);
        output.WriteLine($"{name}: {protocol.Found} of {protocol.Users} users");
        foreach (ReorderRow row in rows)
        {
            output.WriteLine($"{row.Name,-22}" + string.Concat(protocol.MetricNames.Select(metric => string.Create(
                CultureInfo.InvariantCulture, $" {metric} {row.Metrics.GetValueOrDefault(metric, double.NaN):0.000}"))));
        }

        // The ranker is better than chance, every diversifier raises its aim, and fairness narrows the pooled gap.
        ReorderRow start = rows[1];
        Assert.True(start.Metrics["ndcg@10"] > rows[0].Metrics["ndcg@10"]);
        for (int row = 3; row < 6; row++)
        {
            Assert.True(rows[row].Differences["topic_ndcg@10"].Low > 0, rows[row].Name);
        }

        // Proportional to a taste is not the same as diverse.
        Assert.True(rows[6].Differences["calibration@10"].High < 0);
        Assert.True(rows[7].Differences["calibration@10"].High < 0);
        Assert.True(rows[9].Differences["mad_user@20"].High < 0);
        Assert.True(rows[10].Differences["novelty@10"].Low > 0);
    }
}
