using System.Globalization;
using System.Text;

namespace Palate.Cli.Tests;

/// <summary>
/// A folder in which the documented commands find what they name: the demo's home, homes with films, and the files that
/// are imported. The films are few and made up; the demo is the real one with light training and short questions.
/// </summary>
public sealed class DocumentedFolder : IAsyncLifetime
{
    /// <summary>The home of a command that names none, and of the ones that name it.</summary>
    public const string DemoHome = "demo";

    private const int Films = 60;
    private const int Users = 130;

    private const string Pipelines = """
        models:
          simulated: { provider: simulated }
        pipelines:
          llm: { model: simulated, strategy: listwise, candidates: 10 }
          synonyms: { model: simulated, strategy: listwise, candidates: 10, rewriting: { synonyms: { sneakers: shoes } } }

        """;

    public string Path { get; } = Directory.CreateTempSubdirectory("palate-documented-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public async ValueTask InitializeAsync()
    {
        WriteFilms();
        Write("candidates.jsonl", """
            {"id":"a","title":"Steel knife","score":2}
            {"id":"b","title":"Wireless headphones","score":1}
            """);
        Write("ratings.csv", "userId,movieId,rating,timestamp\n1,2,4.5,1700000000\n3,2,1,1700000001\n");
        Write("H/palate.yaml", Pipelines + """
            training:
              ranking: { hold_outs: 1, lambda_mart: { trees: 20 } }
            """);
        await RunAsync("import", "ml-100k", In("ml-100k"), "--split", "ua", "--home", In("H"));
        await RunAsync("train", "--home", In("H"));
        Copy(In("H"), In("movies"));
        Write(DemoHome + "/palate.yaml", Pipelines + """
            training:
              sources: { ease: null, slim: null, item_neighbours: null, user_neighbours: null, semantic: null }
              ranking: { ranker: none }
            """);
        await RunAsync("demo", "--once", "--urls", "http://127.0.0.1:0", "--home", In(DemoHome));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var said = new StringWriter();
        int exit = await PalateTool.RunAsync(arguments, said, said);
        Assert.True(exit == ExitCode.Ok, said.ToString());
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), text, Encoding.Latin1);
    }

    /// <summary>Films of two tastes from ten years in the format of MovieLens 100K, and texts about them.</summary>
    private void WriteFilms()
    {
        var items = new StringBuilder();
        var titles = new StringBuilder();
        for (int film = 1; film <= Films; film++)
        {
            int year = 1990 + (film % 10);
            string genres = string.Join('|', Enumerable.Range(0, 19).Select(genre => genre == 1 + (film % 2) ? 1 : 0));
            items.Append(CultureInfo.InvariantCulture, $"{film}|Film {film} ({year})|01-Jan-{year}||http://films.example/{film}|{genres}\n");
            titles.Append(CultureInfo.InvariantCulture, $"{film}::Film {film} ({year})::Drama\n");
        }

        var rows = new List<string>[] { [], [] };
        for (int user = 1; user <= Users; user++)
        {
            for (int step = 0; step < 16; step++)
            {
                int film = (((user / 2) + step) % (Films / 2) * 2) + (user % 2) + 1;
                rows[step % 8 == 7 ? 1 : 0].Add(string.Create(
                    CultureInfo.InvariantCulture, $"{user}\t{film}\t{3 + (step % 3)}\t{880_000_000 + (user * 10_000) + (step * 500)}\n"));
            }
        }

        Write("ml-100k/u.item", items.ToString());
        Write("ml-100k/u.data", string.Concat(rows.SelectMany(part => part)));
        Write("ml-100k/ua.base", string.Concat(rows[0]));
        Write("ml-100k/ua.test", string.Concat(rows[1]));
        Write("movies.dat", titles.ToString());
        Write("texts.json", "{" + string.Join(',', Enumerable.Range(1, Films).Select(film => $"\"{film}\":\"A film of number {film}.\"")) + "}");
    }
}
