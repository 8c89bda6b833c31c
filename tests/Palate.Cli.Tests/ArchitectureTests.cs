using System.Reflection;
using System.Xml.Linq;

namespace Palate.Cli.Tests;

public class ArchitectureTests
{
    private static readonly string[] Chain =
        ["Palate", "Palate.Llm", "Palate.Storage", "Palate.Hosting", "Palate.Serving", "Palate.Cli"];

    [Fact]
    public void The_projects_are_one_chain()
    {
        string source = Path.Combine(Repository.Root, "src");

        Assert.Equal(Chain.Order(), Directory.GetDirectories(source).Select(path => Path.GetFileName(path)).Order());
        for (int place = 0; place < Chain.Length; place++)
        {
            var project = XDocument.Load(Path.Combine(source, Chain[place], Chain[place] + ".csproj"));
            IEnumerable<string> references = project.Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

            Assert.Equal(place == 0 ? [] : new[] { Chain[place - 1] }, references);
        }
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Microsoft.Data.Sqlite")]
    [InlineData("Microsoft.Extensions.AI")]
    [InlineData("Microsoft.Extensions.Hosting")]
    public void The_engine_knows_no_web_no_database_no_model_and_no_host(string forbidden)
    {
        AssemblyName[] references = typeof(Recommender).Assembly.GetReferencedAssemblies();

        Assert.DoesNotContain(references, reference => reference.Name!.StartsWith(forbidden, StringComparison.Ordinal));
    }

    [Fact]
    public void No_folder_is_a_drawer()
    {
        string[] drawers = ["Common", "Utils", "Helpers", "Abstractions", "Infrastructure", "Shared", "Misc", "Extensions"];
        IEnumerable<string> folders = Directory
            .EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path)!);

        Assert.Empty(folders.Intersect(drawers));
    }

    [Fact]
    public void Every_type_has_a_file()
    {
        foreach (string project in Chain)
        {
            var graph = TypeGraph.Of(project);
            IEnumerable<string> lost = graph.Uses.SelectMany(use => (string[])[use.From, use.To]).Distinct()
                .Where(name => !graph.Files.ContainsKey(name) && !name.StartsWith('<') && name != "Program");

            Assert.Empty(lost);
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_form_no_circle(string project)
    {
        // A file at the root is a room of its own; what is found there knows the rooms, or is known by them.
        IReadOnlyList<string> circles = TypeGraph.Of(project).Circles(
            file => file.Contains('/', StringComparison.Ordinal) ? file.Split('/')[0] : file);

        Assert.Empty(circles);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_in_rooms_form_no_circle(string project)
    {
        IReadOnlyList<string> circles = TypeGraph.Of(project).Circles(
            file => file.Split('/') is { Length: > 2 } parts ? $"{parts[0]}/{parts[1]}" : null);

        Assert.Empty(circles);
    }

    [Fact]
    public void A_room_has_at_most_thirty_files_and_a_file_at_most_four_hundred_lines()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.GroupBy(path => Path.GetDirectoryName(path)).Where(room => room.Count() > 30).Select(room => room.Key));
        Assert.Empty(files.Where(path => File.ReadLines(path).Count() > 400));
    }

    public static TheoryData<string> Projects => [.. Chain];
}
