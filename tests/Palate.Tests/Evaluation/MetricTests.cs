namespace Palate.Tests;

public sealed class MetricTests
{
    [Fact]
    public void Every_name_reads_back_as_itself()
    {
        foreach (string word in Metric.Names)
        {
            Assert.Equal(word, Metric.Parse(word).Name);
            Assert.Equal($"{word}@25", Metric.Parse($"{word}@25").Name);
        }
    }

    [Theory]
    [InlineData("ndcg_cut_10", "ndcg_linear@10")]
    [InlineData("recall_100", "recall@100")]
    [InlineData("recip_rank", "mrr")]
    [InlineData("P_5", "precision@5")]
    [InlineData("map_cut_20", "map@20")]
    [InlineData("success_1", "hr@1")]
    [InlineData(" NDCG@10 ", "ndcg@10")]
    [InlineData("ild@10", "diversity@10")]
    [InlineData("hit@10", "hr@10")]
    public void Other_names_of_the_same_metric_are_understood(string name, string canonical)
    {
        Assert.Equal(canonical, Metric.Parse(name).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ndcg@0")]
    [InlineData("ndcg@-1")]
    [InlineData("ndcg@ten")]
    [InlineData("ndcg@")]
    [InlineData("ndgc@10")]
    [InlineData("ndcg@99999999999")]
    [InlineData("@10")]
    [InlineData("10")]
    public void What_is_not_a_metric_is_refused_with_the_words_that_are(string name)
    {
        FormatException error = Assert.Throws<FormatException>(() => Metric.Parse(name));
        Assert.Contains("ndcg_full", error.Message, StringComparison.Ordinal);
    }
}
