using System.Reflection;
using System.Xml.Linq;

namespace Palate.Cli.Tests;

public class ArchitectureTests
{
    /// <summary>Every project with the projects that it references.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Palate"] = [],
        ["Palate.Llm"] = ["Palate"],
        ["Palate.Storage"] = ["Palate.Llm"],
        ["Palate.Hosting"] = ["Palate.Storage"],
        ["Palate.Serving"] = ["Palate.Hosting"],
        ["Palate.Simulation"] = ["Palate.Llm"],
        ["Palate.Cli"] = ["Palate.Serving", "Palate.Simulation"],
    };

    [Fact]
    public void Projects_reference_what_the_plan_says_and_nothing_else()
    {
        string source = Path.Combine(Repository.Root, "src");

        Assert.Equal(Arrows.Keys.Order(), Directory.GetDirectories(source).Select(path => Path.GetFileName(path)).Order());
        foreach ((string name, string[] references) in Arrows)
        {
            var project = XDocument.Load(Path.Combine(source, name, name + ".csproj"));

            Assert.Equal(references, project.Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)));
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
        foreach (string project in Arrows.Keys)
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
        Assert.DoesNotContain(files, path => File.ReadLines(path).Count() > 400);
    }

    public static TheoryData<string> Projects => [.. Arrows.Keys];
}
