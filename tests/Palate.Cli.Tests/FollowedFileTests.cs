using System.Text.Json;
using Palate.Hosting;
using Palate.Storage;

namespace Palate.Cli.Tests;

/// <summary>Learned files that are replaced while a service runs.</summary>
public sealed class FollowedFileTests
{
    [Fact]
    public void A_file_is_read_when_it_changes_and_what_it_held_stays_when_it_is_damaged()
    {
        using var tool = new Tool();
        string path = Path.Combine(tool.Folder, "trust", "one.bin");
        int reads = 0;
        var followed = new FollowedFile<string>(path, () =>
        {
            reads++;
            string? text = File.Exists(path) ? File.ReadAllText(path) : null;
            return text == "bad" ? throw new InvalidDataException("It is bad.") : text;
        });

        Assert.Null(followed.Current);
        Assert.Null(followed.Poll());
        Assert.Equal(1, reads);
        Write("first");
        Assert.Equal(new LearnedChange(Path.Join("trust", "one.bin")), followed.Poll());
        Assert.Null(followed.Poll());
        Assert.Equal("first", followed.Current);
        Write("bad");
        Assert.Equal("It is bad.", followed.Poll()!.Refusal);
        Assert.Null(followed.Poll());
        Assert.Equal(("first", 3), (followed.Current, reads));
        Write("second");
        Assert.Null(followed.Poll()!.Refusal);
        Assert.Equal("second", followed.Current);
        File.Delete(path);
        Assert.Null(followed.Poll()!.Refusal);
        Assert.Null(followed.Current);

        void Write(string text) => HomeFile.Replace(path, writer => writer.Write(text.ToCharArray()));
    }

    [Fact]
    public void A_file_that_could_not_be_opened_is_tried_again()
    {
        using var tool = new Tool();
        string path = Path.Combine(tool.Folder, "one.bin");
        bool isLocked = false;
        var followed = new FollowedFile<string>(
            path, () => isLocked ? throw new IOException("In use.") : File.Exists(path) ? File.ReadAllText(path) : null);
        File.WriteAllText(path, "text");

        isLocked = true;
        Assert.Equal("In use.", followed.Poll()!.Refusal);
        Assert.Equal("In use.", followed.Poll()!.Refusal);
        isLocked = false;
        Assert.Null(followed.Poll()!.Refusal);
        Assert.Equal("text", followed.Current);
    }

    [Fact]
    public async Task A_running_pipeline_takes_up_trust_and_student_and_keeps_them_when_their_files_are_damaged()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: 300);
        await tool.AskAsync("train");
        Home home = Home.Open(tool.Home);
        using var pipelines = HomePipelines.Open(home, TimeProvider.System, ToolProviders.All, isLive: true);
        var recommender = new Recommender(
            new GenerationStore(home.GenerationsFolder).LoadCurrent(), TimeProvider.System, pipelines.Definitions);
        Assert.Empty(pipelines.Poll());
        Assert.Equal(0.5, Alpha(pipelines));

        (_, JsonElement trained) = await tool.AskAsync("train", "--trust", "290", "--distil");
        double learned = trained.GetProperty("result").GetProperty("trust")[0].GetProperty("whole").GetProperty("alpha").GetDouble();
        Assert.Equal("base", await ModeAsync(recommender, 0));
        IReadOnlyList<LearnedChange> changes = pipelines.Poll();

        Assert.Equal(2, changes.Count);
        Assert.All(changes, change => Assert.Null(change.Refusal));
        Assert.Equal(learned, Alpha(pipelines), 6);

        // Without tokens the model cannot answer, so the student does, which was not there before.
        Assert.Equal("cascade:student", await ModeAsync(recommender, 0));
        Assert.Empty(pipelines.Poll());

        foreach (string folder in (string[])["trust", "students"])
        {
            string file = Directory.GetFiles(Path.Combine(tool.Home, folder)).Single();
            byte[] whole = await File.ReadAllBytesAsync(file);
            whole[whole.Length / 2] ^= 1;
            HomeFile.Replace(file, writer => writer.Write(whole[..^1]));
        }

        changes = pipelines.Poll();
        Assert.Equal(2, changes.Count);
        Assert.All(changes, change => Assert.NotNull(change.Refusal));
        Assert.Equal(learned, Alpha(pipelines), 6);
        Assert.Equal("cascade:student", await ModeAsync(recommender, 0));

        foreach (string folder in (string[])["trust", "students"])
        {
            Directory.Delete(Path.Combine(tool.Home, folder), recursive: true);
        }

        Assert.All(pipelines.Poll(), change => Assert.Null(change.Refusal));
        Assert.Equal(0.5, Alpha(pipelines));
        Assert.Equal("base", await ModeAsync(recommender, 0));
        Assert.Equal("full", await ModeAsync(recommender, 20_000));
    }

    [Fact]
    public async Task A_request_keeps_the_re_ranker_that_it_began_with()
    {
        var began = new TaskCompletionSource<RerankResult>();
        var chain = new ReplaceableReranker(new Told(began.Task));

        Task<RerankResult> first = chain.RerankAsync(null!, CancellationToken.None).AsTask();
        chain.Current = new Told(Task.FromResult(new RerankResult([], Mode.Full("", "second"))));
        RerankResult next = await chain.RerankAsync(null!, CancellationToken.None);
        began.SetResult(new RerankResult([], Mode.Full("", "first")));

        Assert.Equal(("first", "second"), ((await first).Mode.Reason, next.Mode.Reason));
    }

    private static double Alpha(HomePipelines pipelines) => pipelines.Teachers.Single().Reliance.BlendOf("warm").Alpha;

    private static async Task<string> ModeAsync(Recommender recommender, int tokens) => (await recommender.RecommendAsync(
        new RecommendRequest
        {
            UserId = "u0",
            Pipeline = "llm",
            Budget = new Budget { Deadline = TimeSpan.FromSeconds(20), Tokens = tokens, MicroDollars = 1_000_000 },
        })).Mode.Name;

    private sealed class Told(Task<RerankResult> answer) : IReranker
    {
        public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop) => await answer;
    }
}
