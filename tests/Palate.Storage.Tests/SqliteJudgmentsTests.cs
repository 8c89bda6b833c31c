using Microsoft.Data.Sqlite;
using Palate.Llm;

namespace Palate.Storage.Tests;

public sealed class SqliteJudgmentsTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_judged_request_comes_back_as_it_was()
    {
        StudentExample request = Request(3, candidates: 17);
        using var judgments = new SqliteJudgments(_home.Store, _time, _ => 10);

        judgments.Add(request);
        judgments.Flush();

        StudentExample back = Assert.Single(_home.Store.Judgments("p", "m"));
        Assert.Equal(request.Segment, back.Segment);
        Assert.Equal(request.BaseScores, back.BaseScores);
        Assert.Equal(request.Utilities, back.Utilities);
        for (int feature = 0; feature < request.Features.Features; feature++)
        {
            Assert.Equal(request.Features[feature].ToArray(), back.Features[feature].ToArray());
        }

        Assert.Contains(back.Features.Data, float.IsNaN);
        Assert.Empty(_home.Store.Judgments("p", "other"));
        Assert.Empty(_home.Store.Judgments("other", "m"));
    }

    [Fact]
    public void The_newest_of_each_pipelines_model_are_kept_oldest_first()
    {
        using var judgments = new SqliteJudgments(_home.Store, _time, pipeline => pipeline == "p" ? 5 : 2);
        for (int number = 0; number < 30; number++)
        {
            judgments.Add(Request(number));
            judgments.Add(Request(number) with { Pipeline = "q" });
            if (number % 4 == 0)
            {
                judgments.Flush();
                Assert.True(_home.Store.Judgments("p", "m").Count <= 5);
            }
        }

        judgments.Flush();

        Assert.Equal([25f, 26, 27, 28, 29], _home.Store.Judgments("p", "m").Select(request => request.BaseScores[0]));
        Assert.Equal([28f, 29], _home.Store.Judgments("q", "m").Select(request => request.BaseScores[0]));
    }

    [Fact]
    public void What_was_stored_is_there_for_another_process_though_this_one_never_ends_well()
    {
        // Left undisposed, as a killed process leaves it.
        var judgments = new SqliteJudgments(_home.Store, _time, _ => 10);
        judgments.Add(Request(1));
        _time.Advance(1000);
        judgments.Add(Request(2));

        using SqliteStore other = _home.Home.OpenStore();
        Assert.Equal([1f], other.Judgments("p", "m").Select(request => request.BaseScores[0]));
        Assert.Empty(other.CheckIntegrity());
    }

    [Fact]
    public void While_the_disk_is_full_some_are_kept_and_the_rest_is_counted()
    {
        using var judgments = new SqliteJudgments(
            _home.Store, _time, _ => 1_000_000, new WriteBehindOptions { Batch = 100, Most = 150 });
        _home.Store.MaxPages = 30;
        for (int number = 0; number < 200; number++)
        {
            judgments.Add(Request(number, candidates: 50));
        }

        Assert.Throws<StoreException>(judgments.Flush);
        Assert.Equal(50, judgments.Lost);
        _home.Store.MaxPages = null;
        judgments.Flush();

        Assert.Equal(150, _home.Store.Judgments("p", "m").Count);
    }

    [Theory]
    [InlineData("UPDATE judgments SET numbers = substr(numbers, 1, 20)")]
    [InlineData("UPDATE judgments SET candidates = candidates + 1")]
    [InlineData("UPDATE judgments SET features = 'of another release'")]
    [InlineData("UPDATE judgments SET numbers = CAST(x'0000C07F' || substr(numbers, 5) AS BLOB)")]
    public void A_row_that_cannot_be_read_is_left_out(string damage)
    {
        using var judgments = new SqliteJudgments(_home.Store, _time, _ => 10);
        judgments.Add(Request(1));
        judgments.Flush();
        using (var connection = new SqliteConnection($"Data Source={_home.Home.DatabaseFile}"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = damage;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        judgments.Add(Request(2));
        judgments.Flush();

        Assert.Equal([2f], _home.Store.Judgments("p", "m").Select(request => request.BaseScores[0]));
    }

    private static StudentExample Request(int number, int candidates = 3)
    {
        var features = new FeatureMatrix(CrossFeatures.Definitions.Count, candidates);
        for (int feature = 0; feature < features.Features; feature++)
        {
            for (int candidate = 0; candidate < candidates; candidate++)
            {
                features[feature][candidate] = feature == 3 ? float.NaN : number + (feature * 0.25f) - candidate;
            }
        }

        return new StudentExample(
            "p", "m", "warm-query",
            [.. Enumerable.Range(0, candidates).Select(candidate => (float)(number + candidate))],
            [.. Enumerable.Range(0, candidates).Select(candidate => -0.5f * candidate)],
            features);
    }
}
